-- From now on the rebuilt hours count, and those of the scope that hold nothing any more count as empty.
INSERT INTO hoptime_store.rollup_hours
SELECT hour, {version:UInt64} AS version, sum(journeys) AS journeys
FROM
(
    SELECT hour, journeys FROM hoptime_store.journeys_hourly WHERE version = {version:UInt64}
    UNION ALL
    SELECT DISTINCT hour, toUInt64(0) FROM hoptime_store.rollup_hours WHERE empty({hours:Array(UInt32)}) OR has({hours:Array(UInt32)}, toUnixTimestamp(hour))
)
GROUP BY hour
