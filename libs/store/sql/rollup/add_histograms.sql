-- Adds what some journeys add to the histograms, or takes it away (sign -1).
INSERT INTO hoptime_store.property_histograms
SELECT
    property, value, detail, segment, span, begins, bucket, limits_reached,
    {sign:Int8} * toInt64(count), {sign:Int8} * sum_ms, {sign:Int8} * toInt64(deferrals)
FROM hoptime_store.rollup_rows
SETTINGS max_partitions_per_insert_block = 0
