-- Events of queue ids → one leg per (ownership, recipient), for a range of queue ids. Rules: delay model §3 (received_at of a hop) and §4.2.
-- What journeys_of_one_leg and linked_legs both start from: the one names it `unlinked_queue_legs`, where `owned_events` are those of unlinked_events.sql, the
-- other `linked_queue_legs`, where they are those of linked_events.sql.
WITH
    events AS
    (
        SELECT *, cityHash64(group_hash, own) AS custody_id FROM hoptime_store.owned_events
    ),
    -- What a line tells of a recipient, the most telling one first: the earliest end that the MTA's own log tells (it goes before what a trace
    -- header tells of it), else the earliest end of a header, else an end of which only the fact is told (a message trace), else the latest line of
    -- all. Equal stamps: by kind, then by content.
    told AS
    (
        SELECT
            custody_id,
            -- Exim prints the local part of an alias' recipient when the mail is in the mailbox, and the whole address as long as it is not. Postfix delivers once for each alias
            -- of a mailbox that the mail is to, and says so in all lines
            cityHash64(custody_id, multiIf(
                original_recipient = '', recipient,
                product = 'exim' AND next_mta = '' AND next_address = '', concat(splitByChar('@', recipient)[1], ' ', original_recipient),
                product = 'postfix', concat(recipient, ' ', original_recipient),
                recipient)) AS leg_id, recipient, event_id, at_ms, kind, statement, time_basis, original_recipient,
            next_mta, next_address, next_queue_id, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply,
            kind IN ('relayed', 'delivered', 'bounced', 'expired', 'deleted') OR (kind = 'quarantined' AND statement = 'delivery') AS is_end,
            toUInt64(at_ms * 16 + toInt64(kind)) AS moment,
            bitShiftLeft(toUInt64(1), 60) AS one_class,
            bitShiftLeft(toUInt128(multiIf(is_end AND time_basis = 'record', 2 * one_class + moment, is_end AND statement = 'delivery', moment, is_end, one_class + moment, 4 * one_class - moment)), 64) + event_id AS rank
        FROM events
        WHERE statement IN ('delivery', 'received-field', 'delivered-to') AND kind != 'received'
    )
SELECT
    if(message_key = '', custody_id, cityHash64(message_key)) AS key_hash,
    if(was_told, told_leg, cityHash64(custody_id, header_recipient)) AS leg_id,
    custody_id, group_hash, message_key, message_id, mta, product, queue_id, begun_ms, received_ms,
    if(found AND NOT untimed, told_ms, NULL) AS ended_ms,
    multiIf(found, toString(told_kind), expired, 'expired', deleted, 'deleted', was_told, 'deferred', 'received') AS outcome,
    peer, peer_address,
    multiIf(
        picked_up, 'pickup',
        peer = '' AND peer_address = '', '',
        arrayExists(suffix -> endsWith(peer, suffix), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_suffixes'))
            OR match(peer, (SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'hes_pattern'))
            OR arrayExists((low, high) -> peer_ip >= toIPv4(low) AND peer_ip <= toIPv4(high), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_lows'), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_highs'))
            OR (position(peer_address, ':') > 0 AND arrayExists((low, high) -> toIPv6OrDefault(peer_address) >= toIPv6(low) AND toIPv6OrDefault(peer_address) <= toIPv6(high),
                (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_lows_6'), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_highs_6'))), 'hes',
        peer = 'localhost' OR startsWith(peer_address, '127.') OR peer_address = '::1' OR peer = mta, 'self',
        has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'mta_names'), peer) OR has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'bare_mtas'), peer_label) OR has((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'mta_labels'), peer), 'mta',
        peer = '', 'unnamed', 'foreign') AS client,
    original_queue_id, next_mta, next_address, next_queue_id, sender,
    if(was_told, told_recipient, header_recipient) AS recipient,
    original_recipient, toUInt32(failures) AS deferrals,
    if(was_told, told_delay_ms, -1) AS delay_ms,
    if(was_told, told_before_queue_ms, -1) AS before_queue_ms,
    if(was_told, told_in_queue_ms, -1) AS in_queue_ms,
    if(was_told, told_connect_ms, -1) AS connect_ms,
    if(was_told, told_transmit_ms, -1) AS transmit_ms,
    smtp_reply, last_ms,
    -- of the recipient, and of the whole message
    arraySort(arrayDistinct(arrayMap(smtp_reply -> hoptime_store.reply_words, arrayMap(r -> r.2, arrayFilter(r -> r.1 = '' OR r.1 = recipient OR r.1 = original_recipient, refused))))) AS replies
FROM
(
    SELECT
        *,
        toIPv4OrDefault(peer_address) AS peer_ip,
        splitByChar('.', peer)[1] AS peer_label,
        replaceAll(replaceAll(lower(message_id), ' ', ''), '\t', '') AS message_key,
        best > 0 AS was_told,
        -- an end of any class, above the 64 bits of the event's id
        was_told AND bitShiftRight(best, 64 + 60) < 3 AS found,
        found AND bitShiftRight(best, 64 + 60) = 2 AS untimed,
        toInt64(toUInt64(queued)) AS queued_ms,
        toInt64(toUInt64(arrived)) AS arrived_ms,
        if(
            product = 'exim' AND match(queue_id, '^[0-9A-Za-z]{6}-'),
            arrayFold((seconds, digit) -> seconds * 62 + position('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', digit) - 1, ngrams(substring(queue_id, 1, 6), 1), toInt64(0)) * 1000,
            0) AS exim_id_ms,
        multiIf(
            -- Sendmail logs the end of DATA before it asks its milters
            refused_whole, NULL,
            held AND id_ms > 0, id_ms,
            -- only Postfix has a maildrop, where mail waits before its first line
            picked_up AND product = 'postfix' AND arrived > 0, arrived_ms,
            -- a log that starts in the middle of a message shows only a later `queue active`
            active_ms > 0, if(opened_ms = 0 AND queued > 0 AND queued_ms + 1000 + resolution < active_ms, queued_ms, active_ms),
            queued > 0, queued_ms,
            arrived > 0, arrived_ms,
            header_ms > 0, header_ms,
            -- an Exim log without QT= that starts in the middle of a message: the second in which reception began stands in the id, in base 62 (trace/queue-id.ts)
            product = 'exim' AND was_told AND exim_id_ms BETWEEN 1 AND begun_ms, exim_id_ms,
            -- taken and thrown away by a filter of Postfix: it never becomes active
            deleted AND opened_ms > 0, if(id_ms > 0, id_ms, deleted_ms),
            NULL) AS received_ms
    FROM
    (
        SELECT
            custody_id, any(group_hash) AS group_hash,
            any(mta) AS mta, if(min(product = 'trace-headers'), 'trace-headers', anyIf(product, product != 'trace-headers')) AS product, any(queue_id) AS queue_id,
            max(message_id) AS message_id,
            min(at_ms) AS begun_ms, max(at_ms) AS last_ms,
            maxIf(peer, statement IN ('client', 'queue-active', 'received-field')) AS peer,
            maxIf(peer_address, statement IN ('client', 'queue-active', 'received-field')) AS peer_address,
            max(original_queue_id) AS original_queue_id,
            maxIf(sender, statement IN ('queue-active', 'pickup', 'received-field', 'delivered-to')) AS sender,
            maxIf(recipient, statement IN ('queue-active', 'received-field')) AS header_recipient,
            max(statement = 'pickup') AS picked_up,
            max(kind = 'expired') AS expired,
            max(kind = 'deleted' AND statement = 'removed') AS deleted,
            minIf(at_ms, kind = 'deleted' AND statement = 'removed') AS deleted_ms,
            max(statement IN ('hold', 'unhold')) AS held,
            max(statement = 'milter-reject' AND (recipient = '' OR delay_ms >= 0)) AS refused_whole,
            minIf(at_ms, kind = 'opened') AS opened_ms,
            minIf(at_ms, statement = 'message-id') AS id_ms,
            minIf(at_ms, statement = 'queue-active') AS active_ms,
            minIf(at_ms, statement = 'received-field' AND kind = 'received') AS header_ms,
            -- the earliest delivery line, as (its time, what it tells) in one number: time − (b+c+d), and time − delay
            minIf(bitShiftLeft(toUInt128(at_ms), 64) + toUInt64(at_ms - in_queue_ms - greatest(connect_ms, 0) - greatest(transmit_ms, 0)), statement = 'delivery' AND in_queue_ms >= 0) AS queued,
            minIf(bitShiftLeft(toUInt128(at_ms), 64) + toUInt64(at_ms - delay_ms), statement = 'delivery' AND delay_ms >= 0) AS arrived,
            max(time_resolution_ms) AS resolution,
            groupArrayIf((recipient, smtp_reply), kind IN ('deferred', 'rejected') AND smtp_reply != '') AS refused
        FROM events
        GROUP BY custody_id
    ) AS c
    LEFT JOIN
    (
        SELECT
            leg_id AS told_leg, any(custody_id) AS custody_id, min(rank) AS best,
            argMin(at_ms, rank) AS told_ms, argMin(kind, rank) AS told_kind, max(recipient) AS told_recipient,
            max(original_recipient) AS original_recipient, argMin(next_mta, rank) AS next_mta, argMin(next_address, rank) AS next_address,
            argMin(next_queue_id, rank) AS next_queue_id, argMin(delay_ms, rank) AS told_delay_ms, argMin(before_queue_ms, rank) AS told_before_queue_ms,
            argMin(in_queue_ms, rank) AS told_in_queue_ms, argMin(connect_ms, rank) AS told_connect_ms, argMin(transmit_ms, rank) AS told_transmit_ms,
            argMin(smtp_reply, rank) AS smtp_reply,
            uniqExactIf(event_id, kind = 'deferred' AND statement = 'delivery') AS failures
        FROM told
        GROUP BY leg_id
    ) AS d USING (custody_id)
)
WHERE received_ms IS NOT NULL
