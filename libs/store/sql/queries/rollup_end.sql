-- The last hour (epoch seconds) that the rollups know of, and how many journeys they count.
SELECT toUnixTimestamp(max(begins)) AS last_hour, sum(journeys) AS journeys
FROM hoptime_store.rollup_versions FINAL
WHERE span = 'hour'
