-- Journeys that begin in another hour than their first hop: of two that share a hop and are not of these, the hour is the same (the begin of a journey is when
-- HES took it, else the earliest begin of its hops, and journeys that share a hop share all before it).
SELECT
    'crossing' AS property, '' AS value, '' AS detail, CAST(5, 'Enum8(\'hes\' = 1, \'hes_processing\' = 2, \'hes_waiting\' = 3, \'downstream\' = 4, \'total\' = 5, \'dwell\' = 6, \'transfer\' = 7)') AS segment, 'day' AS span, toStartOfDay(first_event_at) AS begins,
    toInt16(0) AS bucket, toUInt8(0) AS limits_reached, count() AS count, toInt64(0) AS sum_ms, 0 AS deferrals
FROM hoptime_store.journeys
WHERE
    first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
    AND hes_received_at IS NULL
    AND intDiv(arrayMin(hops.begun_ms), 3600000) != intDiv(hops.begun_ms[1], 3600000)
GROUP BY begins
