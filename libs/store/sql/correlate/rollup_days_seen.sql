-- From now on the rebuilt days count, with the journeys of their hours.
INSERT INTO hoptime_store.rollup_versions
SELECT 'day' AS span, toStartOfDay(r.begins) AS day, {version:UInt64} AS version, sum(r.journeys) AS journeys
FROM hoptime_store.rollup_versions AS r FINAL
WHERE
    r.span = 'hour'
    AND (empty({hours:Array(UInt32)}) OR toUnixTimestamp(toStartOfDay(r.begins)) IN (SELECT intDiv(arrayJoin({hours:Array(UInt32)}), 86400) * 86400))
GROUP BY day
