-- From now on the rebuilt days count, with the journeys of their hours.
INSERT INTO hoptime_store.rollup_versions
SELECT 'day' AS span, toStartOfDay(r.begins) AS day, {version:UInt64} AS version, sum(r.latest) AS journeys
FROM
(
    -- of hours that were added to there are several rows of a version, each with more journeys
    SELECT begins, argMax(journeys, (version, journeys)) AS latest
    FROM hoptime_store.rollup_versions
    WHERE span = 'hour' AND (empty({hours:Array(UInt32)}) OR toUnixTimestamp(toStartOfDay(begins)) IN (SELECT intDiv(arrayJoin({hours:Array(UInt32)}), 86400) * 86400))
    GROUP BY begins
) AS r
GROUP BY day
