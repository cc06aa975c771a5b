-- The events that made-up journeys (journeys.sql, `tracked`) rest on, as the tracking of HES and two Postfix hosts tell them: four of each mail, two of HES and its delivery by each host.
INSERT INTO hoptime_store.trace_events
    (group_hash, event_time, event_id, input_id, line, kind, statement, direction, mta, product, message_id, message_key, queue_id, next_mta, sender, recipient,
     original_recipient, smtp_reply, transaction_id, size_bytes, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms)
SELECT
    hops.group_hash[hop] AS group_hash,
    fromUnixTimestamp64Milli(if(of_hes AND step = 1, hops.received_ms[hop], hops.relayed_ms[hop]), 'UTC') AS event_time,
    sipHash64(journey_id, hop, step) AS event_id,
    1 + hop AS input_id,
    toUInt32(rowNumberInAllBlocks()) AS line,
    multiIf(of_hes AND step = 1, 'received', hop = length(hops.mta), 'delivered', 'relayed') AS kind,
    if(of_hes, 'tracking', 'delivery') AS statement,
    if(of_hes, 'in', 'unknown') AS direction,
    hops.mta[hop] AS mta,
    hops.product[hop] AS product,
    if(of_hes, message_id, '') AS message_id,
    message_id AS message_key,
    if(of_hes, '', hops.queue_id[hop]) AS queue_id,
    hops.next_mta[hop] AS next_mta,
    sender,
    recipient,
    '' AS original_recipient,
    hops.smtp_reply[hop] AS smtp_reply,
    if(of_hes, hops.queue_id[hop], '') AS transaction_id,
    if(step = 1, toInt64(2000 + journey_id % 50000), -1) AS size_bytes,
    if(of_hes, -1, hops.dwell_ms[hop]) AS delay_ms,
    -1, -1, -1, -1
FROM
(
    SELECT *, hops.segment[hop] = 'hes' AS of_hes, arrayJoin(range(1, if(of_hes, 3, 2))) AS step
    FROM (SELECT *, arrayJoin(arrayEnumerate(hops.mta)) AS hop FROM hoptime_store.journeys WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')})
)
