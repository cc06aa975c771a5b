-- What the journeys in the hours in which a range differs from the whole days of UTC that are read for it add to `property_totals` by recipient_domain, or take
-- away, by their delay of one segment. `store/property-rollup.ts` makes of it the statement by the other domain.
WITH if(first_event_at >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND first_event_at < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'), toInt64(1), toInt64(-1)) AS sign
SELECT recipient_domain AS value, sign AS journeys, if({duration:Identifier} IS NULL, 0, sign) AS known, sign * ifNull({duration:Identifier}, 0) AS ms
FROM hoptime_store.journeys
WHERE
    (first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
    OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')})
