-- How many journeys the hours have that were added to, under the version that counts: added up anew, so that it may run twice.
INSERT INTO hoptime_store.rollup_versions
SELECT 'hour' AS span, r.begins, r.version, sum(r.journeys) AS journeys
FROM hoptime_store.journey_rollups AS r
WHERE r.begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND r.begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
    AND r.version = {versions:Array(UInt64)}[indexOf({keys:Array(String)}, concat('hour ', toString(toUInt32(r.begins))))]
GROUP BY r.begins, r.version
SETTINGS max_threads = 1
