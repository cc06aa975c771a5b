-- Every event exactly as parsed. Unknown text is '', an unknown number is -1. A repeated record of one input meets its twin and is
-- replaced; the same event from two inputs stays twice (so that either input can be forgotten), and correlation counts it once.
CREATE TABLE IF NOT EXISTS hoptime_store.trace_events
(
    -- what the event is correlated by first: (mta, queue id), or for HES records and mail files without one, (mta, message)
    group_hash UInt64,
    event_time DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    event_id UInt64 CODEC(NONE),
    input_id UInt64,
    line UInt32,
    kind Enum8('opened' = 0, 'received' = 1, 'deferred' = 2, 'relayed' = 3, 'delivered' = 4, 'bounced' = 5, 'rejected' = 6,
        'quarantined' = 7, 'released' = 8, 'expired' = 9, 'deleted' = 10, 'expanded' = 11, 'closed' = 12),
    statement Enum8('client' = 0, 'pickup' = 1, 'message-id' = 2, 'queue-active' = 3, 'hold' = 4, 'unhold' = 5, 'delivery' = 6,
        'expired' = 7, 'removed' = 8, 'milter-reject' = 9, 'reject' = 10, 'noqueue' = 11, 'tracking' = 12, 'received-field' = 13,
        'mail-received-time' = 14, 'delivered-to' = 15),
    direction Enum8('unknown' = 0, 'in' = 1, 'out' = 2, 'internal' = 3),
    time_basis Enum8('event' = 0, 'record' = 1),
    time_resolution_ms UInt32,
    mta LowCardinality(String),
    product LowCardinality(String),
    peer String,
    peer_address String,
    message_id String,
    message_key String,
    queue_id String,
    original_queue_id String,
    next_mta String,
    next_address String,
    next_queue_id String,
    sender String,
    recipient String,
    original_recipient String,
    smtp_reply String,
    enhanced_status LowCardinality(String),
    transaction_id String,
    size_bytes Int64,
    delay_ms Int64,
    delay_unit_ms Int32,
    before_queue_ms Int64,
    in_queue_ms Int64,
    connect_ms Int64,
    transmit_ms Int64
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (group_hash, event_time, event_id, input_id)
-- Big parts stay as they are: merging them costs more than it saves a scan, and duplicates are harmless to correlation.
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, max_bytes_to_merge_at_max_space_in_pool = 4194304
