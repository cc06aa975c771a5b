-- Durations of the journeys in the hours in which a range differs from the whole days of UTC that are read for it, by hour and recipient_domain: hours of domains
-- are not kept. `store/property-rollup.ts` makes of it the statement by the other domain.
SELECT
    toUnixTimestamp(toStartOfHour(first_event_at)) AS begins, CAST(recipient_domain, 'String') AS value,
    groupArray(hes_ms) AS hes, groupArray(hes_processing_ms) AS hes_processing, groupArray(hes_waiting_ms) AS hes_waiting,
    groupArray(downstream_ms) AS downstream, groupArray(total_ms) AS total
FROM hoptime_store.journeys
WHERE
    recipient_domain IN {values:Array(String)}
    AND (
        (first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
        OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')})
    )
GROUP BY begins, value
