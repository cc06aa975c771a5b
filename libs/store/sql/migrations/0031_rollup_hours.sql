-- Which version of an hour counts in `delays_hourly` and `journeys_hourly`: the latest. One insert here is the moment at which a rebuilt set of hours is seen.
CREATE TABLE IF NOT EXISTS hoptime_store.rollup_hours
(
    hour DateTime('UTC'),
    version UInt64,
    journeys UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY hour
