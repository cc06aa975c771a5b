-- Takes away whatever `property_histograms` counts of a range of whole days (UTC), so that it can be counted anew.
INSERT INTO hoptime_store.property_histograms
SELECT
    property, value, detail, segment, span, begins,
    -r.count AS taken, -r.known AS taken_known, -r.sum_ms AS taken_ms, -r.under_1_min AS taken_1_min, -r.under_5_min AS taken_5_min, -r.under_10_min AS taken_10_min,
    -r.deferrals AS taken_deferrals,
    r.histogramMap.bucket AS buckets, arrayMap(n -> -n, r.histogramMap.count) AS taken_counts, arrayMap(ms -> -ms, r.histogramMap.sum_ms) AS taken_sums_ms
FROM hoptime_store.property_histograms AS r
WHERE begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
SETTINGS max_partitions_per_insert_block = 0
