-- Journeys that a correlation of touched messages replaces; emptied by it.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_replaced
(
    first_event_at DateTime64(3, 'UTC'),
    journey_id UInt64
)
ENGINE = MergeTree
ORDER BY (first_event_at, journey_id)
SETTINGS max_bytes_to_merge_at_max_space_in_pool = 1
