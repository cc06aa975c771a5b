-- Copies the journeys that are replaced, before they are masked.
INSERT INTO hoptime_store.stage_replaced_journeys
SELECT * FROM hoptime_store.journeys
WHERE (first_event_at, journey_id) IN (SELECT first_event_at, journey_id FROM hoptime_store.stage_replaced)
SETTINGS max_partitions_per_insert_block = 0
