-- What the journeys of a range add to the histograms by recipient_domain and hour, each in a row of its own: hours of domains are not kept.
-- `store/property-rollup.ts` makes of it the statement by the other domain.
SELECT
    recipient_domain AS value, '' AS detail,
    CAST(segment_number, 'Enum8(\'hes\' = 1, \'hes_processing\' = 2, \'hes_waiting\' = 3, \'downstream\' = 4, \'total\' = 5, \'dwell\' = 6, \'transfer\' = 7)') AS segment,
    toStartOfHour(first_event_at) AS begins,
    toInt64(1) AS count, toInt64(1) AS known, assumeNotNull(duration_ms) AS sum_ms,
    toInt64(sum_ms < 60000) AS under_1_min, toInt64(sum_ms < 300000) AS under_5_min, toInt64(sum_ms < 600000) AS under_10_min, toInt64(0) AS deferrals,
    -- 2^32 ms are 50 days: what takes longer is counted there
    least(abs(sum_ms), 4294967295) AS size,
    toInt64(floor(log2(greatest(size, 1)))) AS octave,
    intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part,
    [toInt16(multiIf(sum_ms > 0, 1 + 64 * octave + part, sum_ms < 0, -1 - 64 * octave - part, 0))] AS buckets,
    [toInt64(1)] AS counts,
    [sum_ms] AS sums_ms
FROM hoptime_store.journeys
ARRAY JOIN
    [toInt8(1), 2, 3, 4, 5] AS segment_number,
    [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
WHERE duration_ms IS NOT NULL AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
