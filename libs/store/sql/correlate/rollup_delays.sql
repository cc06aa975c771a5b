-- The histograms of the hours of journeys, or of their hours and days, each under its version: `store/rollup.ts` says which journeys.
INSERT INTO hoptime_store.delay_rollups
SELECT
    span,
    begins,
    -- one for all, or that of the hour or day
    greatest({version:UInt64}, {versions:Array(UInt64)}[indexOf({keys:Array(String)}, concat(span, ' ', toString(toUInt32(begins))))]) AS version,
    segment,
    direction,
    state,
    via_hes,
    verdict,
    sum(r.in_bucket) AS count,
    sum(r.bucket_ms) AS sum_ms,
    max(r.bucket_max_ms) AS max_ms,
    sum(r.below_1_min) AS under_1_min,
    sum(r.below_5_min) AS under_5_min,
    sum(r.below_10_min) AS under_10_min,
    (arraySort(groupArray((r.bucket, r.in_bucket))) AS histogram).1 AS buckets,
    histogram.2 AS counts
FROM
(
    SELECT
        span,
        if(span = 'day', toStartOfDay(first_event_at), toStartOfHour(first_event_at)) AS begins,
        segment,
        toString(direction) AS direction,
        state,
        via_hes,
        verdict,
        toInt16(multiIf(ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket,
        count() AS in_bucket,
        sum(ms) AS bucket_ms,
        max(ms) AS bucket_max_ms,
        countIf(ms < 60000) AS below_1_min,
        countIf(ms < 300000) AS below_5_min,
        countIf(ms < 600000) AS below_10_min
    FROM
    (
        SELECT
            first_event_at, direction, state, via_hes, verdict, segment, span,
            assumeNotNull(duration_ms) AS ms,
            -- 2^32 ms are 50 days: what takes longer is counted there
            least(abs(ms), 4294967295) AS size,
            toInt64(floor(log2(greatest(size, 1)))) AS octave,
            intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part
        FROM hoptime_store.counted_journeys
        ARRAY JOIN
            ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment,
            [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
        WHERE
            duration_ms IS NOT NULL
    )
    GROUP BY span, begins, segment, direction, state, via_hes, verdict, bucket
) AS r
GROUP BY span, begins, segment, direction, state, via_hes, verdict
SETTINGS max_partitions_per_insert_block = 0, max_threads = {threads:UInt8}, query_plan_enable_optimizations = {plan_optimized:UInt8}
