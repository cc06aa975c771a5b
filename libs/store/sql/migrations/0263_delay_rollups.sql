-- Delays per hour and per day (UTC) of the first event, one row per histogram, which adds up exactly: octaves of milliseconds cut into 64 (bucket 1 + 64 ·
-- octave + part, negative for negative delays, 0 for 0), so a value is known within 0.8 %; counts, sums and largest values are exact, and so are counts under
-- 1, 5 and 10 minutes. Rows count where `rollup_versions` names their version as the latest.
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
    count UInt64,
    sum_ms Int64,
    max_ms Int64,
    under_1_min UInt64,
    under_5_min UInt64,
    under_10_min UInt64,
    buckets Array(Int16),
    counts Array(UInt64)
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY (span, segment, begins)
SETTINGS index_granularity = 128
