-- Which version of an hour or day counts in `delay_rollups` and `journey_rollups`: the latest. One insert here is the moment at which a rebuilt set of them is
-- seen.
CREATE TABLE IF NOT EXISTS hoptime_store.rollup_versions
(
    span Enum8('hour' = 1, 'day' = 2),
    begins DateTime('UTC'),
    version UInt64,
    journeys UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (span, begins)
