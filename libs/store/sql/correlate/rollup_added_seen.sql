-- How many journeys the hours have that were added to, under the version that counts: added up anew, so that it may run twice.
INSERT INTO hoptime_store.rollup_versions
SELECT 'hour' AS span, r.begins, r.version, sum(r.journeys) AS journeys
FROM hoptime_store.journey_rollups AS r
WHERE r.begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND r.begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    AND r.version = transform(toUInt32(r.begins), {hours:Array(UInt32)}, {hour_versions:Array(UInt64)}, toUInt64(0))
GROUP BY r.begins, r.version
SETTINGS max_threads = 1
