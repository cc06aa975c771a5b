-- Journeys of some days whose hops may stand in two hours of the rollups.
SELECT sum(count) AS crossings
FROM hoptime_store.property_histograms
WHERE
  property = 'crossing'
  AND begins >= toStartOfDay({from:DateTime64(3, 'UTC')}) AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
