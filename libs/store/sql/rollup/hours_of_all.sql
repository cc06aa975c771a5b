-- The histograms of all journeys per hour.
SELECT value, detail, segment, begins, bucket, limits_reached, count, sum_ms, deferrals
FROM hoptime_store.property_histograms
WHERE property = 'all' AND span = 'hour'
