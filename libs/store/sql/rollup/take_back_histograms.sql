-- Takes away whatever `property_histograms` counts of a range of whole days (UTC), so that it can be counted anew.
INSERT INTO hoptime_store.property_histograms
SELECT
    property, value, detail, segment, span, begins, bucket, limits_reached,
    -sum(r.count) AS taken, -sum(r.sum_ms) AS taken_ms, -sum(r.deferrals) AS taken_deferrals
FROM hoptime_store.property_histograms AS r
WHERE begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
GROUP BY property, value, detail, segment, span, begins, bucket, limits_reached
HAVING taken != 0 OR taken_ms != 0 OR taken_deferrals != 0
SETTINGS max_partitions_per_insert_block = 0
