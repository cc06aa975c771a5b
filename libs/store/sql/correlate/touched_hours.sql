-- Hours in which journeys are replaced, or come anew: seconds since 1970.
SELECT DISTINCT toUInt32(toStartOfHour(first_event_at)) AS hour
FROM
(
    SELECT first_event_at
    FROM hoptime_store.journeys
    ARRAY JOIN hops.group_hash AS hop_group
    WHERE first_event_at >= (SELECT min(event_time) FROM hoptime_store.stage_events)
        AND first_event_at <= (SELECT max(event_time) FROM hoptime_store.stage_events)
        AND hop_group IN (SELECT group_hash FROM hoptime_store.stage_scope)
    UNION ALL
    SELECT first_event_at FROM hoptime_store.stage_journeys
)
ORDER BY hour
