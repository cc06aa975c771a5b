-- When the event came into the store, which retention counts from; 1970 of those that came before this column did.
ALTER TABLE hoptime_store.trace_events ADD COLUMN IF NOT EXISTS ingested_at DateTime('UTC') DEFAULT toDateTime(0, 'UTC')
