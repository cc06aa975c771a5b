-- Hours whose rollups count less from now on: seconds since 1970.
SELECT DISTINCT toUInt32(toStartOfHour(first_event_at)) AS hour
FROM hoptime_store.journeys
WHERE hops.group_hash[1] IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
ORDER BY hour
