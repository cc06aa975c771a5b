-- Whether all rollups tell of the journeys that there are: the latest row says. Before journeys change a row says no, afterwards one says yes, so what was
-- interrupted between the two is known.
CREATE TABLE IF NOT EXISTS hoptime_store.rollup_marks
(
    one UInt8 DEFAULT 1,
    version UInt64,
    in_line UInt8
)
ENGINE = ReplacingMergeTree(version)
ORDER BY one
