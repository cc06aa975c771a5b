-- One row per (message, final recipient), its hops in order as arrays: a journey and its hops are written and replaced as one.
-- Times of hops are epoch milliseconds, -1 unknown; NULL elsewhere. Built by correlate/, documented by the views.
CREATE TABLE IF NOT EXISTS hoptime_store.journeys
(
    journey_id UInt64,
    message_key String,
    message_id String,
    recipient String,
    original_recipient String,
    sender String,
    direction Enum8('unknown' = 0, 'in' = 1, 'out' = 2, 'internal' = 3),
    state LowCardinality(String),
    via_hes LowCardinality(String),
    verdict LowCardinality(String),
    first_event_at DateTime64(3, 'UTC'),
    hes_received_at Nullable(DateTime64(3, 'UTC')),
    hes_first_attempt_at Nullable(DateTime64(3, 'UTC')),
    hes_released_at Nullable(DateTime64(3, 'UTC')),
    released_by LowCardinality(String),
    delivered_at Nullable(DateTime64(3, 'UTC')),
    hes_ms Nullable(Int64),
    hes_processing_ms Nullable(Int64),
    hes_waiting_ms Nullable(Int64),
    hes_quarantine_ms Nullable(Int64),
    downstream_ms Nullable(Int64),
    total_ms Nullable(Int64),
    upstream_ms Nullable(Int64),
    hop_count UInt32,
    slowest_hop_mta LowCardinality(String),
    slowest_hop_ms Nullable(Int64),
    deferrals UInt32,
    matched_by LowCardinality(String),
    recipient_domain LowCardinality(String),
    sender_domain LowCardinality(String),
    hops Nested
    (
        -- one custody of one recipient: the same in every journey that shares the hop
        leg_id UInt64,
        group_hash UInt64,
        segment LowCardinality(String),
        mta LowCardinality(String),
        product LowCardinality(String),
        queue_id String,
        begun_ms Int64,
        received_ms Int64,
        relayed_ms Int64,
        dwell_ms Int64,
        transfer_ms Nullable(Int64),
        deferrals UInt32,
        outcome LowCardinality(String),
        next_mta LowCardinality(String),
        next_queue_id String,
        reported_delay_ms Int64,
        before_queue_ms Int64,
        in_queue_ms Int64,
        connect_ms Int64,
        transmit_ms Int64,
        smtp_reply String,
        last_ms Int64
    )
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(first_event_at)
ORDER BY (first_event_at, journey_id)
