-- 1: the file was read while it grew. Hash, size and lines are then those of its text (unpacked) up to where it had been read, and it may have grown since.
ALTER TABLE hoptime_store.inputs ADD COLUMN IF NOT EXISTS followed UInt8
