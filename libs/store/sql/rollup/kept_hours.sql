-- The histograms of all journeys, MTAs or links per hour.
SELECT
    value, detail, segment, begins, count, known, sum_ms, under_1_min, under_5_min, under_10_min, deferrals,
    h.histogramMap.bucket AS buckets, h.histogramMap.count AS counts, h.histogramMap.sum_ms AS sums_ms
FROM hoptime_store.property_histograms AS h
WHERE property = {property:String} AND span = 'hour'
