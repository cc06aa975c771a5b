-- Rows of a spool file become events: the only place where text is normalised and identity is computed.
-- (`privacy/rewrite_events.sql` computes them once more.)
-- An event's identity is what it says: the same statement from two files, or in two formats, has the same id.
INSERT INTO hoptime_store.trace_events
SELECT
    multiIf(
        is_hes OR queue_id = '', cityHash64('message', mta, message_key = '' ? transaction_id : message_key, recipient, statement = 11 ? sender : ''),
        cityHash64('queue', mta, queue_id)) AS group_hash,
    fromUnixTimestamp64Milli(event_ms, 'UTC') AS event_time,
    cityHash64(kind, statement, direction, time_basis, event_ms, mta, product, peer, peer_address, message_id, queue_id, original_queue_id,
        next_mta, next_address, next_queue_id, sender, recipient, original_recipient, smtp_reply, transaction_id, size_bytes, delay_ms,
        before_queue_ms, in_queue_ms, connect_ms, transmit_ms) AS event_id,
    input_id,
    line,
    CAST(kind, 'Int8') AS kind,
    CAST(statement, 'Int8') AS statement,
    CAST(direction, 'Int8') AS direction,
    CAST(time_basis, 'Int8') AS time_basis,
    time_resolution_ms,
    mta, product, peer, peer_address, message_id, message_key, queue_id, original_queue_id, next_mta, next_address, next_queue_id,
    sender, recipient, original_recipient, smtp_reply, enhanced_status, transaction_id,
    size_bytes, delay_ms, delay_unit_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms,
    now('UTC') AS ingested_at
FROM
(
    SELECT
        * REPLACE(
            lower(mta) AS mta, lower(peer) AS peer, lower(next_mta) AS next_mta, lower(sender) AS sender, lower(recipient) AS recipient,
            lower(original_recipient) AS original_recipient, lower(transaction_id) AS transaction_id),
        replaceAll(replaceAll(lower(message_id), ' ', ''), '\t', '') AS message_key,
        product = 'trend-email-security' OR lower(mta) = 'hes' AS is_hes
    FROM file({spool:String}, 'RowBinary', {structure:String})
)
-- Collapsing duplicates within a block is left to merges: done at once it more than doubles the cost of an insert.
-- An archive of mails may name any number of months.
SETTINGS optimize_on_insert = 0, max_threads = 2, max_partitions_per_insert_block = 0
