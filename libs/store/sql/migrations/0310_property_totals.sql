-- What `property_sums` counts, per day (UTC) and value alone: a breakdown adds up all values of a range, and those rows are two to seven times as many. Ordered by
-- day, so that a range reads its days. Rows add up as those do.
CREATE TABLE IF NOT EXISTS hoptime_store.property_totals
(
    property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3),
    value LowCardinality(String),
    begins DateTime('UTC'),
    journeys Int64,
    hes_count Int64,
    hes_ms Int64,
    hes_processing_count Int64,
    hes_processing_ms Int64,
    hes_waiting_count Int64,
    hes_waiting_ms Int64,
    downstream_count Int64,
    downstream_ms Int64,
    total_count Int64,
    total_ms Int64
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY (property, begins, value)
