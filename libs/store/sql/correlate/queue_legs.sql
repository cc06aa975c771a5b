-- Events of queue ids → one leg per (ownership, recipient). Rules: delay model §3 (received_at of a hop) and §4.2.
INSERT INTO hoptime_store.stage_legs
(key_hash, leg_id, custody_id, group_hash, message_key, message_id, is_hes, mta, product, queue_id, begun_ms, received_ms, ended_ms,
 outcome, peer, peer_address, client, original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient,
 recipients, deferrals, direction, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply, last_ms)
WITH
    toIPv4OrDefault(peer_address) AS peer_ip,
    splitByChar('.', peer)[1] AS peer_label
SELECT
    if(message_key = '', custody_id, cityHash64(message_key)) AS key_hash,
    cityHash64(custody_id, rcpt) AS leg_id,
    custody_id, group_hash, message_key, message_id, 0, mta, product, queue_id, begun_ms, received_ms,
    if(found, end.2, NULL) AS ended_ms,
    multiIf(found, kind_names[end.3 + 1], expired, 'expired', deleted, 'deleted', notEmpty(mine), 'deferred', 'received') AS outcome,
    peer, peer_address,
    multiIf(
        picked_up, 'pickup',
        peer = '' AND peer_address = '', '',
        arrayExists(suffix -> endsWith(peer, suffix), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_suffixes'))
            OR arrayExists((low, high) -> peer_ip >= toIPv4(low) AND peer_ip <= toIPv4(high), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_lows'), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_highs')), 'hes',
        peer = 'localhost' OR startsWith(peer_address, '127.') OR peer_address = '::1' OR peer = mta, 'self',
        has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'mta_names'), peer) OR has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'bare_mtas'), peer_label) OR has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'mta_labels'), peer), 'mta',
        peer = '', 'unnamed', 'foreign') AS client,
    original_queue_id,
    last.6 AS next_mta, last.7 AS next_address, last.8 AS next_queue_id,
    sender, rcpt AS recipient, last.5 AS original_recipient,
    recipients,
    arrayCount(d -> d.3 = 2 AND d.4 = 1, mine) AS deferrals,
    0 AS direction,
    last.9 AS delay_ms, last.10 AS before_queue_ms, last.11 AS in_queue_ms, last.12 AS connect_ms, last.13 AS transmit_ms,
    last.14 AS smtp_reply,
    last_ms
FROM
(
    SELECT
        *,
        rcpt,
        ['opened', 'received', 'deferred', 'relayed', 'delivered', 'bounced', 'rejected', 'quarantined', 'released', 'expired', 'deleted', 'expanded', 'closed'] AS kind_names,
        arraySort(arrayFilter(d -> d.1 = rcpt, deliveries)) AS mine,
        arrayFilter(d -> d.3 IN (3, 4, 5, 9, 10), mine) AS ends,
        arrayFilter(d -> d.4 = 1, ends) AS logged_ends,
        notEmpty(ends) AS found,
        -- the MTA's own log goes before what a trace header tells of it
        if(notEmpty(logged_ends), logged_ends[1], ends[1]) AS end,
        if(found, end, mine[-1]) AS last
    FROM
    (
        SELECT
            group_hash, own,
            cityHash64(group_hash, own) AS custody_id,
            any(mta) AS mta, if(min(product = 'trace-headers'), 'trace-headers', anyIf(product, product != 'trace-headers')) AS product, any(queue_id) AS queue_id,
            max(message_id) AS message_id, replaceAll(replaceAll(lower(message_id), ' ', ''), '\t', '') AS message_key,
            toUnixTimestamp64Milli(min(event_time)) AS begun_ms,
            toUnixTimestamp64Milli(max(event_time)) AS last_ms,
            maxIf(peer, statement IN ('client', 'received-field')) AS peer,
            maxIf(peer_address, statement IN ('client', 'received-field')) AS peer_address,
            max(statement = 'pickup') AS picked_up,
            max(original_queue_id) AS original_queue_id,
            maxIf(sender, statement IN ('queue-active', 'pickup', 'received-field', 'delivered-to')) AS sender,
            max(kind = 'expired') AS expired,
            max(kind = 'deleted' AND statement = 'removed') AS deleted,
            max(statement IN ('hold', 'unhold')) AS held,
            minOrNullIf(toUnixTimestamp64Milli(event_time), kind = 'opened') AS opened_ms,
            minOrNullIf(toUnixTimestamp64Milli(event_time), statement = 'message-id') AS id_ms,
            minOrNullIf(toUnixTimestamp64Milli(event_time), statement = 'queue-active') AS active_ms,
            minOrNullIf(toUnixTimestamp64Milli(event_time), statement = 'received-field' AND kind = 'received') AS header_ms,
            countIf(statement = 'delivery' AND in_queue_ms >= 0) AS with_parts,
            -- from the earliest delivery line: time − (b+c+d), and time − delay
            minIf((event_time, toUnixTimestamp64Milli(event_time) - in_queue_ms - connect_ms - transmit_ms), statement = 'delivery' AND in_queue_ms >= 0).2 AS queued_ms,
            countIf(statement = 'delivery' AND delay_ms >= 0) AS with_delay,
            minIf((event_time, toUnixTimestamp64Milli(event_time) - delay_ms), statement = 'delivery' AND delay_ms >= 0).2 AS arrived_ms,
            max(time_resolution_ms) AS resolution,
            -- (recipient, time, kind, logged, original recipient, next mta, address, queue id, delay, a, b, c, d, reply)
            groupArrayIf((recipient, toUnixTimestamp64Milli(event_time), toInt8(kind), toUInt8(statement = 'delivery'), original_recipient,
                next_mta, next_address, next_queue_id, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply),
                statement IN ('delivery', 'received-field', 'delivered-to') AND kind != 'received') AS told,
            if(length(told) > 1, arrayDistinct(told), told) AS deliveries,
            maxIf(recipient, statement = 'received-field') AS header_recipient,
            multiIf(
                held AND id_ms IS NOT NULL, id_ms,
                picked_up AND with_delay > 0, arrived_ms,
                -- a log that starts in the middle of a message shows only a later `queue active`
                active_ms IS NOT NULL, if(opened_ms IS NULL AND with_parts > 0 AND queued_ms + 1000 + resolution < active_ms, queued_ms, active_ms),
                with_parts > 0, queued_ms,
                with_delay > 0, arrived_ms,
                header_ms) AS received_ms,
            arrayDistinct(arrayMap(d -> d.1, deliveries)) AS named,
            if(empty(named), [header_recipient], named) AS rcpts,
            length(rcpts) AS recipients
        FROM
        (
            SELECT
                e.*,
                toUnixTimestamp64Milli(event_time) AS at_ms,
                arrayCount(b -> b <= at_ms, begins_ms) AS latest,
                at_ms - delay_ms + 1000 + time_resolution_ms + delay_unit_ms AS arrival_bound,
                -- delay= reaches back before the beginning: the ownership before, when that explains it, else one whose beginning is not in the logs
                multiIf(
                    statement != 'delivery' OR delay_ms < 0 OR latest = 0 OR by_client[latest] = 0 OR arrival_bound >= begins_ms[latest], toInt32(latest),
                    latest > 1 AND arrival_bound >= begins_ms[latest - 1], toInt32(latest - 1),
                    -toInt32(latest)) AS own
            FROM
            (
                SELECT * FROM hoptime_store.trace_events
                WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}
                    AND product != 'trend-email-security' AND mta != 'hes' AND statement != 'noqueue' AND kind != 'closed'
            ) AS e
            LEFT JOIN (SELECT * FROM hoptime_store.stage_begins WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}) AS b USING (group_hash)
        )
        GROUP BY group_hash, own
    )
    ARRAY JOIN rcpts AS rcpt
    WHERE received_ms IS NOT NULL
)
SETTINGS max_threads = 1
