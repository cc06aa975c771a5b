-- Of a row that says no: the hours (seconds since 1970, UTC) whose journeys may be others than the rollups tell of; none: nobody knows which.
ALTER TABLE hoptime_store.rollup_marks ADD COLUMN IF NOT EXISTS hours Array(UInt32)
