-- What the journeys in the hours in which a range differs from the whole days of UTC that are read for it add to `property_sums` by recipient_domain, or take
-- away, each in a row of its own.
-- `store/property-rollup.ts` makes of it the statement by the other domain.
WITH if(first_event_at >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND first_event_at < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'), toInt64(1), toInt64(-1)) AS sign
SELECT
    j.recipient_domain AS value, toStartOfDay(first_event_at) AS begins,
    j.state AS state, j.via_hes AS via_hes, j.verdict AS verdict, toUInt8(hop_count > 0) AS matched,
    sign AS journeys,
    if(j.hes_ms IS NULL, 0, sign) AS hes_count, sign * ifNull(j.hes_ms, 0) AS hes_ms,
    if(j.hes_processing_ms IS NULL, 0, sign) AS hes_processing_count, sign * ifNull(j.hes_processing_ms, 0) AS hes_processing_ms,
    if(j.hes_waiting_ms IS NULL, 0, sign) AS hes_waiting_count, sign * ifNull(j.hes_waiting_ms, 0) AS hes_waiting_ms,
    if(j.downstream_ms IS NULL, 0, sign) AS downstream_count, sign * ifNull(j.downstream_ms, 0) AS downstream_ms,
    if(j.total_ms IS NULL, 0, sign) AS total_count, sign * ifNull(j.total_ms, 0) AS total_ms
FROM hoptime_store.journeys AS j
WHERE
    (empty({values:Array(String)}) OR j.recipient_domain IN {values:Array(String)})
    AND (
        (first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
        OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')})
    )
