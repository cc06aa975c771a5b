-- What some buckets of the histograms by property hold, per interval and segment.
SELECT toUInt64(at) * 1000 AS at_ms, toString(r.segment) AS segment, bucket, sum(r.count) AS count, sum(r.sum_ms) AS sum_ms
FROM hoptime_store.placed_rows AS r
WHERE bucket IN {buckets:Array(Int16)}
GROUP BY at, r.segment, bucket
