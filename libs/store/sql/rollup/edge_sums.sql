-- What the journeys in the hours in which a range differs from the whole days of UTC that are read for it add to `property_sums` by recipient_domain, or take
-- away, each in a row of its own. `store/property-rollup.ts` makes of it the statement by the other domain.
SELECT
    j.recipient_domain AS value, toStartOfDay(first_event_at) AS begins,
    j.state AS state, j.via_hes AS via_hes, j.verdict AS verdict, toUInt8(hop_count > 0) AS matched,
    if(first_event_at >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND first_event_at < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'), toInt64(1), toInt64(-1)) AS journeys
FROM hoptime_store.journeys AS j
WHERE
    (empty({values:Array(String)}) OR j.recipient_domain IN {values:Array(String)})
    AND (
        (first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
        OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')})
    )
