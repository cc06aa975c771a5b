-- The histograms of all journeys, MTAs or links per hour.
SELECT value, detail, segment, begins, bucket, limits_reached, count, sum_ms, deferrals
FROM hoptime_store.property_histograms
WHERE property = {property:String} AND span = 'hour'
