-- The events that name an address, once more with another local part: identity and group as `ingest/insert_trace_events` computes them.
INSERT INTO hoptime_store.trace_events
(
    group_hash, event_time, event_id, input_id, line, kind, statement, direction, time_basis, time_resolution_ms, mta, product, peer, peer_address, message_id,
    message_key, queue_id, original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient, smtp_reply, enhanced_status,
    transaction_id, size_bytes, delay_ms, delay_unit_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, ingested_at
)
SELECT
    multiIf(
        product = 'trend-email-security' OR mta = 'hes' OR queue_id = '',
        cityHash64('message', toString(mta), message_key = '' ? transaction_id : message_key, recipient, statement = 'noqueue' ? sender : ''),
        cityHash64('queue', toString(mta), queue_id)) AS group_hash,
    event_time,
    cityHash64(toUInt8(kind), toUInt8(statement), toUInt8(direction), toUInt8(time_basis), toUnixTimestamp64Milli(event_time), toString(mta), toString(product),
        peer, peer_address, message_id, queue_id, original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient, smtp_reply,
        transaction_id, size_bytes, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms) AS event_id,
    input_id, line, kind, statement, direction, time_basis, time_resolution_ms, mta, product, peer, peer_address, message_id, message_key, queue_id,
    original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient, smtp_reply, enhanced_status, transaction_id, size_bytes,
    delay_ms, delay_unit_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, ingested_at
FROM
(
    SELECT
        * REPLACE(
            replaceRegexpAll(peer, {pattern:String}, {replacement:String}) AS peer,
            replaceRegexpAll(message_id, {pattern:String}, {replacement:String}) AS message_id,
            replaceRegexpAll(message_key, {pattern:String}, {replacement:String}) AS message_key,
            replaceRegexpAll(sender, {pattern:String}, {replacement:String}) AS sender,
            replaceRegexpAll(recipient, {pattern:String}, {replacement:String}) AS recipient,
            replaceRegexpAll(original_recipient, {pattern:String}, {replacement:String}) AS original_recipient,
            replaceRegexpAll(transaction_id, {pattern:String}, {replacement:String}) AS transaction_id,
            replaceRegexpAll(
                replaceRegexpAll(replaceRegexpAll(smtp_reply, {pattern:String}, {replacement:String}), {pattern:String}, {replacement:String}),
                {word_pattern:String}, {word_replacement:String}) AS smtp_reply)
    -- A level of its own: beside the replacements, a name means what is replaced.
    FROM
    (
        SELECT * FROM hoptime_store.trace_events
        WHERE match(concat(sender, ' ', recipient, ' ', original_recipient, ' ', message_id, ' ', smtp_reply, ' ', peer, ' ', transaction_id), {pattern:String})
    )
)
SETTINGS optimize_on_insert = 0, max_partitions_per_insert_block = 0
