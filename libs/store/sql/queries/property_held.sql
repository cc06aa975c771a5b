-- What some buckets of the histograms by property hold, per interval and segment.
SELECT toUInt64(at) * 1000 AS at_ms, toString(r.segment) AS segment, bucket, sum(in_bucket) AS count, sum(bucket_ms) AS sum_ms
FROM hoptime_store.placed_rows AS r
ARRAY JOIN r.buckets AS bucket, r.counts AS in_bucket, r.sums_ms AS bucket_ms
WHERE bucket IN {buckets:Array(Int16)}
GROUP BY at, r.segment, bucket
