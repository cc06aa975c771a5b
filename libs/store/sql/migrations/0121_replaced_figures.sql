-- What a rollup counts of the journey, as a hash: an hour whose journeys come back with the same figures keeps its rollup.
ALTER TABLE hoptime_store.stage_replaced ADD COLUMN IF NOT EXISTS figures UInt64
