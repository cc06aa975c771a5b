-- Counts and sums beside `property_histograms`, per day (UTC) and what coverage counts by: of all journeys, and per domain. Rows add up as those do.
CREATE TABLE IF NOT EXISTS hoptime_store.property_sums
(
    property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3),
    value LowCardinality(String),
    begins DateTime('UTC'),
    state LowCardinality(String),
    via_hes LowCardinality(String),
    verdict LowCardinality(String),
    matched UInt8,
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
ORDER BY (property, value, begins, state, via_hes, verdict, matched)
