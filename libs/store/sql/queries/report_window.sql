-- From the first to the last moment at which an event decided a journey of a period, in epoch ms. -1: there is no journey.
SELECT
    minOrDefault(least(toUnixTimestamp64Milli(first_event_at), arrayMin(arrayPushBack(arrayFilter(ms -> ms > 0, hops.begun_ms), toUnixTimestamp64Milli(first_event_at))))) AS since_ms,
    maxOrDefault(greatest(toUnixTimestamp64Milli(first_event_at), arrayMax(arrayPushBack(hops.last_ms, toUnixTimestamp64Milli(first_event_at))))) AS until_ms,
    count() AS journeys
FROM hoptime_store.journeys
WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
