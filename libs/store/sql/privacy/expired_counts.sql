-- What would go: events and journeys of the expired groups.
SELECT
    (
        SELECT count() FROM hoptime_store.trace_events
        WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
    ) AS events,
    (
        SELECT count() FROM hoptime_store.journeys
        WHERE hops.group_hash[1] IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
    ) AS journeys
