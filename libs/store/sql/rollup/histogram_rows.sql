-- What the journeys of a range add up to by recipient_domain and hour, as `property_histograms` would hold it: hours of domains are not kept. `store/property-rollup.ts` makes of
-- it the statement by the other domain.
SELECT
    'recipient_domain' AS property, recipient_domain AS value, '' AS detail,
    CAST(segment_number, 'Enum8(\'hes\' = 1, \'hes_processing\' = 2, \'hes_waiting\' = 3, \'downstream\' = 4, \'total\' = 5, \'dwell\' = 6, \'transfer\' = 7)') AS segment,
    'hour' AS span, hour AS begins,
    bucket, limits_reached, count() AS count, sum(ms) AS sum_ms, 0 AS deferrals
FROM
(
    SELECT
        recipient_domain, hour, segment_number, ms,
        toInt16(multiIf(ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket,
        toUInt8((ms >= 60000) + (ms >= 300000) + (ms >= 600000)) AS limits_reached
    FROM
    (
        SELECT
            recipient_domain, toStartOfHour(first_event_at) AS hour, segment_number,
            assumeNotNull(duration_ms) AS ms,
            -- 2^32 ms are 50 days: what takes longer is counted there
            least(abs(ms), 4294967295) AS size,
            toInt64(floor(log2(greatest(size, 1)))) AS octave,
            intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part
        FROM hoptime_store.journeys
        ARRAY JOIN
            [toInt8(1), 2, 3, 4, 5] AS segment_number,
            [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
        WHERE duration_ms IS NOT NULL AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
    )
)
GROUP BY value, segment_number, begins, bucket, limits_reached
