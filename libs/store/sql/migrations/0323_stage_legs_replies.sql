-- As in `journeys`, of one leg.
ALTER TABLE hoptime_store.stage_legs ADD COLUMN IF NOT EXISTS replies Array(String)
