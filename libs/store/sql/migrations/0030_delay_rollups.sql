-- Delays per hour and per day (UTC) of the first event, as a histogram that adds up exactly: octaves of milliseconds cut into 64 (bucket 1 + 64 · octave +
-- part, negative for negative delays, 0 for 0), so a value is known within 0.8 %; counts, sums and largest values are exact, and so are counts under 1, 5 and
-- 10 minutes (`limits_reached` of the three). Rows count where `rollup_versions` names their version as the latest.
CREATE TABLE IF NOT EXISTS hoptime_store.delay_rollups
(
    span Enum8('hour' = 1, 'day' = 2),
    begins DateTime('UTC'),
    version UInt64,
    segment Enum8('hes' = 1, 'hes_processing' = 2, 'hes_waiting' = 3, 'downstream' = 4, 'total' = 5),
    direction LowCardinality(String),
    state LowCardinality(String),
    via_hes LowCardinality(String),
    verdict LowCardinality(String),
    bucket Int16,
    limits_reached UInt8,
    count UInt64,
    sum_ms Int64,
    max_ms Int64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY (span, begins, segment, bucket)
