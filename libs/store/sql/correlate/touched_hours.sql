-- Hours in which journeys are replaced, or come anew: seconds since 1970.
SELECT DISTINCT toUInt32(toStartOfHour(first_event_at)) AS hour
FROM
(
    SELECT first_event_at FROM hoptime_store.stage_replaced
    UNION ALL
    SELECT first_event_at FROM hoptime_store.stage_journeys
)
ORDER BY hour
