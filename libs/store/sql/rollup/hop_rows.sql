-- What hops after HES add to `property_histograms`: each once per hour, however many journeys share it.
SELECT
    'mta' AS property, mta AS value, product AS detail, CAST(6, 'Enum8(\'hes\' = 1, \'hes_processing\' = 2, \'hes_waiting\' = 3, \'downstream\' = 4, \'total\' = 5, \'dwell\' = 6, \'transfer\' = 7)') AS segment, 'day' AS span, toStartOfDay(hour) AS begins,
    bucket, limits_reached, count() AS count, sum(ms) AS sum_ms, sum(hop_deferrals) AS deferrals
FROM
(
    SELECT
        mta, product, hour, ms, hop_deferrals,
        toInt16(multiIf(dwell_ms IS NULL, -32768, ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket,
        toUInt8((ms >= 60000) + (ms >= 300000) + (ms >= 600000)) AS limits_reached
    FROM
    (
        SELECT
            mta, product, hour, hop_deferrals, dwell_ms,
            ifNull(dwell_ms, 0) AS ms,
            least(abs(ms), 4294967295) AS size,
            toInt64(floor(log2(greatest(size, 1)))) AS octave,
            intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part
        FROM
        (
            SELECT
                mta, toStartOfHour(first_event_at) AS hour,
                max(hop_product) AS product,
                max(if(received_ms < 0 OR relayed_ms < 0, NULL, hop_dwell_ms)) AS dwell_ms,
                toInt64(max(hop_deferral)) AS hop_deferrals
            FROM hoptime_store.journeys
            ARRAY JOIN
                hops.leg_id AS leg_id,
                hops.segment AS hop_segment,
                hops.mta AS mta,
                hops.product AS hop_product,
                hops.received_ms AS received_ms,
                hops.relayed_ms AS relayed_ms,
                hops.dwell_ms AS hop_dwell_ms,
                hops.deferrals AS hop_deferral
            WHERE
                hop_segment = 'downstream'
                AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
            GROUP BY mta, leg_id, hour
        )
    )
)
GROUP BY value, detail, begins, bucket, limits_reached
