-- The histograms of the days of some hours (seconds since 1970; none means all), added up from those of their hours that count.
INSERT INTO hoptime_store.delay_rollups
SELECT
    'day' AS span,
    toStartOfDay(r.begins) AS day,
    {version:UInt64} AS version,
    segment,
    direction,
    state,
    via_hes,
    verdict,
    sum(r.count) AS count,
    sum(r.sum_ms) AS sum_ms,
    max(r.max_ms) AS max_ms,
    sum(r.under_1_min) AS under_1_min,
    sum(r.under_5_min) AS under_5_min,
    sum(r.under_10_min) AS under_10_min,
    (sumMap(r.buckets, r.counts) AS histogram).1 AS buckets,
    histogram.2 AS counts
FROM hoptime_store.delay_rollups AS r
WHERE
    r.span = 'hour'
    AND r.begins >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
    AND r.begins < {to:DateTime64(3, 'UTC')} + INTERVAL 1 DAY
    AND (empty({hours:Array(UInt32)}) OR toUnixTimestamp(toStartOfDay(r.begins)) IN (SELECT intDiv(arrayJoin({hours:Array(UInt32)}), 86400) * 86400))
    AND (r.begins, r.version) IN (SELECT v.begins, max(v.version) FROM hoptime_store.rollup_versions AS v WHERE v.span = 'hour' GROUP BY v.begins)
GROUP BY day, segment, direction, state, via_hes, verdict
SETTINGS max_partitions_per_insert_block = 0
