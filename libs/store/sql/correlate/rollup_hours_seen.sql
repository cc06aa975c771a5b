-- From now on the rebuilt hours count, and those of the scope that hold nothing any more count as empty.
INSERT INTO hoptime_store.rollup_versions
SELECT 'hour', begins, {version:UInt64} AS version, sum(journeys) AS journeys
FROM
(
    SELECT begins, journeys FROM hoptime_store.journey_rollups WHERE version = {version:UInt64}
    UNION ALL
    SELECT DISTINCT begins, toUInt64(0)
    FROM hoptime_store.rollup_versions
    WHERE span = 'hour' AND (empty({hours:Array(UInt32)}) OR has({hours:Array(UInt32)}, toUnixTimestamp(begins)))
)
GROUP BY begins
