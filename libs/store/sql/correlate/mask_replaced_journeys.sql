-- Masks the journeys that those of stage_journeys take the place of.
DELETE FROM hoptime_store.journeys
WHERE (first_event_at, journey_id) IN (SELECT first_event_at, journey_id FROM hoptime_store.stage_replaced_journeys)
SETTINGS lightweight_delete_mode = 'lightweight_update_force'
