-- Delays per hour (UTC) of the first event, as a histogram that adds up exactly: octaves of milliseconds cut into 64 (bucket 1 + 64 · octave + part,
-- negative for negative delays, 0 for 0), so a value is known within 0.8 %; counts, sums and largest values are exact, and so are counts under 1, 5 and 10
-- minutes (`limits_reached` of the three). Rows count where `rollup_hours` names their version as the latest of the hour.
CREATE TABLE IF NOT EXISTS hoptime_store.delays_hourly
(
    hour DateTime('UTC'),
    version UInt64,
    segment Enum8('hes' = 1, 'hes_processing' = 2, 'hes_waiting' = 3, 'downstream' = 4, 'total' = 5),
    direction LowCardinality(String),
    state LowCardinality(String),
    via_hes LowCardinality(String),
    verdict LowCardinality(String),
    bucket Int16,
    limits_reached UInt8,
    count UInt32,
    sum_ms Int64,
    max_ms Int64
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(hour)
ORDER BY (hour, segment, bucket)
