-- What the journeys of a range add up to by recipient_domain, as `property_sums` would hold it. `store/property-rollup.ts` makes of it the statement by the other domain.
SELECT
    'recipient_domain' AS property, j.recipient_domain AS value, toStartOfDay(first_event_at) AS begins,
    j.state AS state, j.via_hes AS via_hes, j.verdict AS verdict, toUInt8(hop_count > 0) AS matched,
    toInt64(count()) AS journeys,
    toInt64(count(j.hes_ms)) AS hes_count, sum(ifNull(j.hes_ms, 0)) AS hes_ms,
    toInt64(count(j.hes_processing_ms)) AS hes_processing_count, sum(ifNull(j.hes_processing_ms, 0)) AS hes_processing_ms,
    toInt64(count(j.hes_waiting_ms)) AS hes_waiting_count, sum(ifNull(j.hes_waiting_ms, 0)) AS hes_waiting_ms,
    toInt64(count(j.downstream_ms)) AS downstream_count, sum(ifNull(j.downstream_ms, 0)) AS downstream_ms,
    toInt64(count(j.total_ms)) AS total_count, sum(ifNull(j.total_ms, 0)) AS total_ms
FROM hoptime_store.journeys AS j
WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
GROUP BY value, begins, state, via_hes, verdict, matched
