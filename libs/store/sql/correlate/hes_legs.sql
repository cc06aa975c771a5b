-- HES records (and the Trend hops of mail files) → one leg per (HES transaction, recipient). Rules: delay model §3 and §4.6.
INSERT INTO hoptime_store.stage_legs
(key_hash, leg_id, custody_id, group_hash, message_key, message_id, is_hes, mta, product, queue_id, begun_ms, received_ms, ended_ms,
 header_ended_ms, first_deferred_ms, quarantine_ms, outcome, peer, peer_address, client, original_queue_id, next_mta, next_address,
 next_queue_id, sender, recipient, original_recipient, deferrals, direction, delay_ms, before_queue_ms, in_queue_ms,
 connect_ms, transmit_ms, smtp_reply, last_ms, replies)
SELECT
    if(message_key = '', cityHash64(group_hash), cityHash64(message_key)) AS key_hash,
    cityHash64(group_hash, owner.1, owner.2) AS leg_id,
    leg_id AS custody_id,
    group_hash, message_key, message_id, 1, mta, product, owner.2 AS queue_id,
    arrayMin(e -> e.1, mine) AS begun_ms,
    if(empty(receptions), NULL, arrayMin(e -> e.1, receptions)) AS received_ms,
    if(empty(tracked), NULL, arrayMax(e -> e.1, tracked)) AS ended_ms,
    if(empty(in_header), NULL, arrayMax(e -> e.1, in_header)) AS header_ended_ms,
    if(empty(failed), NULL, arrayMin(e -> e.1, failed)) AS first_deferred_ms,
    if(empty(let_go) OR empty(held), NULL, greatest(0, arrayMax(e -> e.1, let_go) - arrayMin(e -> e.1, held))) AS quarantine_ms,
    -- a hand-over ends the custody whatever was said before; else the latest action, of equal stamps the later kind
    multiIf(notEmpty(handed), 'relayed', empty(actions), 'received', kind_names[actions[-1].2 + 1]) AS outcome,
    peer, peer_address, '', '',
    last.6 AS next_mta, last.7 AS next_address, last.8 AS next_queue_id,
    sender, recipient, '', 0, direction, -1, -1, -1, -1, -1,
    last.9 AS smtp_reply,
    arrayMax(e -> e.1, mine) AS last_ms,
    arraySort(arrayDistinct(arrayMap(smtp_reply -> hoptime_store.reply_words, arrayMap(e -> e.9, arrayFilter(e -> e.2 IN (2, 6) AND e.9 != '', mine))))) AS replies
FROM
(
    SELECT
        *,
        owner,
        arraySort(arrayFilter(e -> owners[multiIf(e.4 != '', arrayFirstIndex(o -> o.2 = e.4, owners),
            e.2 = 1, arrayLastIndex(o -> intDiv(o.1, 1000) = intDiv(e.1, 1000), owners),
            greatest(1, arrayLastIndex(o -> o.1 <= e.1, owners)))] = owner, events)) AS mine,
        ['opened', 'received', 'deferred', 'relayed', 'delivered', 'bounced', 'rejected', 'quarantined', 'released', 'expired', 'deleted', 'expanded', 'closed'] AS kind_names,
        arrayFilter(e -> e.2 = 1 AND e.3 = 0, mine) AS receptions,
        arrayFilter(e -> e.2 IN (3, 4), mine) AS handed,
        arrayFilter(e -> e.3 = 0 AND e.5 = 12, handed) AS tracked,
        arrayFilter(e -> e.3 = 0 AND e.5 != 12, handed) AS in_header,
        arrayFilter(e -> e.2 = 2 AND e.3 = 0, mine) AS failed,
        arrayFilter(e -> e.2 = 7 AND e.3 = 0, mine) AS held,
        arrayFilter(e -> e.2 = 8 AND e.3 = 0, mine) AS let_go,
        arrayFilter(e -> e.2 NOT IN (0, 1, 12), mine) AS actions,
        multiIf(notEmpty(tracked), tracked[-1], notEmpty(handed), handed[-1], notEmpty(actions), actions[-1], mine[-1]) AS last
    FROM
    (
        SELECT
            group_hash,
            any(mta) AS mta, max(product) AS product, any(recipient) AS recipient,
            max(message_key) AS message_key, max(message_id) AS message_id, max(sender) AS sender,
            max(direction) AS direction, max(peer) AS peer, max(peer_address) AS peer_address,
            -- (time, kind, basis, transaction, statement, next mta, address, queue id, reply)
            groupUniqArray((toUnixTimestamp64Milli(event_time), toInt8(kind), toInt8(time_basis), transaction_id, toInt8(statement),
                next_mta, next_address, next_queue_id, smtp_reply)) AS events,
            arrayDistinct(arrayFilter(t -> t != '', arrayMap(e -> e.4, events))) AS transactions,
            arrayMap(t -> if(arrayExists(e -> e.4 = t AND e.2 = 1, events),
                arrayMin(arrayMap(e -> e.1, arrayFilter(e -> e.4 = t AND e.2 = 1, events))),
                arrayMin(arrayMap(e -> e.1, arrayFilter(e -> e.4 = t, events)))), transactions) AS began,
            arrayMap(t -> intDiv(t, 1000), began) AS began_seconds,
            -- a reception without transaction id opens one, unless a transaction was received in the same second
            arrayDistinct(arrayMap(e -> e.1, arrayFilter(e -> e.4 = '' AND e.2 = 1 AND NOT has(began_seconds, intDiv(e.1, 1000)), events))) AS alone,
            arraySort(arrayConcat(arrayZip(began, transactions), arrayMap(t -> (t, ''), alone))) AS found_owners,
            if(empty(found_owners), [(arrayMin(e -> e.1, events), '')], found_owners) AS owners
        FROM
        (
            SELECT * FROM hoptime_store.{events:Identifier}
            WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}
                AND (product = 'trend-email-security' OR mta = 'hes') AND statement != 'noqueue'
        )
        GROUP BY group_hash
    )
    ARRAY JOIN owners AS owner
)
SETTINGS max_threads = 1, query_plan_enable_optimizations = {plan_optimized:UInt8}
