-- How many recipients a custody has was never asked for.
ALTER TABLE hoptime_store.stage_legs DROP COLUMN IF EXISTS recipients
