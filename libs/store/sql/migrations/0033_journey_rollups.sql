-- Journeys per hour (UTC) of the first event: the counts that stand beside every figure. Versions are those of `rollup_versions` for the span hour.
CREATE TABLE IF NOT EXISTS hoptime_store.journey_rollups
(
    begins DateTime('UTC'),
    version UInt64,
    direction LowCardinality(String),
    state LowCardinality(String),
    via_hes LowCardinality(String),
    verdict LowCardinality(String),
    matched UInt8,
    journeys UInt64,
    first_at DateTime64(3, 'UTC'),
    last_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY begins
