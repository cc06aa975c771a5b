-- Masks the journeys that the messages of a scope had; those of stage_journeys take their place. A journey begins at one of its events.
DELETE FROM hoptime_store.journeys
WHERE journey_id IN
(
    SELECT journey_id
    FROM hoptime_store.journeys
    ARRAY JOIN hops.group_hash AS hop_group
    WHERE first_event_at >= (SELECT min(event_time) FROM hoptime_store.stage_events)
        AND first_event_at <= (SELECT max(event_time) FROM hoptime_store.stage_events)
        AND hop_group IN (SELECT group_hash FROM hoptime_store.stage_scope)
)
SETTINGS lightweight_delete_mode = 'lightweight_update_force'
