-- What journeys add to `property_histograms` by pairs of neighbouring MTAs, HES first: the transfer, where it is known; '' follows the last MTA.
SELECT
    'link' AS property, value, detail, CAST(7, 'Enum8(\'hes\' = 1, \'hes_processing\' = 2, \'hes_waiting\' = 3, \'downstream\' = 4, \'total\' = 5, \'dwell\' = 6, \'transfer\' = 7)') AS segment, 'day' AS span, toStartOfDay(hour) AS begins,
    bucket, toUInt8(0) AS limits_reached, count() AS count, sum(ms) AS sum_ms, 0 AS deferrals
FROM
(
    SELECT
        link.1 AS value, link.2 AS detail, hour, ifNull(link.3, 0) AS ms,
        least(abs(ms), 4294967295) AS size,
        toInt64(floor(log2(greatest(size, 1)))) AS octave,
        intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part,
        toInt16(multiIf(link.3 IS NULL, -32768, ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket
    FROM
    (
        SELECT
            toStartOfHour(first_event_at) AS hour,
            arrayFilter((m, s) -> s = 'downstream', arrayMap(m -> toString(m), hops.mta), hops.segment) AS mtas,
            arrayFilter((t, s) -> s = 'downstream', hops.transfer_ms, hops.segment) AS transfers,
            arrayJoin(arrayZip(
                arrayPushFront(mtas, if(via_hes = 'yes', 'hes', '')),
                arrayPushBack(mtas, ''),
                arrayPushBack(transfers, CAST(NULL, 'Nullable(Int64)')))) AS link
        FROM hoptime_store.journeys
        WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
    )
    WHERE value != ''
)
GROUP BY value, detail, begins, bucket
