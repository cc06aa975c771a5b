-- One row per (custody, recipient): what one MTA says of one recipient of one message. Times are epoch milliseconds.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_legs
(
    key_hash UInt64,
    leg_id UInt64,
    custody_id UInt64,
    group_hash UInt64,
    message_key String,
    message_id String,
    is_hes UInt8,
    mta LowCardinality(String),
    product LowCardinality(String),
    queue_id String,
    begun_ms Int64,
    received_ms Nullable(Int64),
    ended_ms Nullable(Int64),
    -- of HES legs: the end as a trace header tells it, the first failed attempt, and the time in quarantine
    header_ended_ms Nullable(Int64),
    first_deferred_ms Nullable(Int64),
    quarantine_ms Nullable(Int64),
    outcome LowCardinality(String),
    peer String,
    peer_address String,
    client LowCardinality(String),
    original_queue_id String,
    next_mta String,
    next_address String,
    next_queue_id String,
    sender String,
    recipient String,
    original_recipient String,
    recipients UInt32,
    deferrals UInt32,
    direction Enum8('unknown' = 0, 'in' = 1, 'out' = 2, 'internal' = 3),
    delay_ms Int64,
    before_queue_ms Int64,
    in_queue_ms Int64,
    connect_ms Int64,
    transmit_ms Int64,
    smtp_reply String,
    last_ms Int64
)
ENGINE = MergeTree
ORDER BY (key_hash, leg_id)
-- Emptied after each use: merging would be work for nothing.
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
