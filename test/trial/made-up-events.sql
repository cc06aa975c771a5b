-- Made-up events: of each mail what opened it, its Message-ID, its delivery and its end, as a Postfix of one of four hosts tells them in March 2026.
INSERT INTO hoptime_store.trace_events
    (group_hash, event_time, event_id, input_id, line, kind, statement, mta, product, message_id, message_key, queue_id, sender, recipient, delay_ms,
     size_bytes, before_queue_ms, in_queue_ms, connect_ms, transmit_ms)
SELECT
    sipHash64(n, 40) AS group_hash,
    fromUnixTimestamp64Milli(toInt64(1772409600000) + toInt64(sipHash64(n, 6) % 2592000000) + step * 500, 'UTC') AS event_time,
    sipHash64(n, 41, step) AS event_id,
    1 AS input_id,
    toUInt32(n % 4000000000) AS line,
    ['opened', 'opened', 'delivered', 'closed'][step + 1] AS kind,
    ['client', 'message-id', 'delivery', 'removed'][step + 1] AS statement,
    concat('mx', toString(n % 4), '.corp.example') AS mta,
    'postfix' AS product,
    if(step = 1, concat(lower(hex(sipHash64(n, 2))), '@made-up.example'), '') AS message_id,
    message_id AS message_key,
    hex(n) AS queue_id,
    if(step = 2, concat('sender', toString(sipHash64(n, 4) % 100000), '@partner.example'), '') AS sender,
    if(step = 2, concat('user', toString(sipHash64(n, 3) % 20000), '@corp.example'), '') AS recipient,
    if(step = 2, 1500, -1) AS delay_ms,
    -1, -1, -1, -1, -1
FROM (SELECT number AS n, arrayJoin(range(4)) AS step FROM numbers({first:UInt64}, {count:UInt64}))
