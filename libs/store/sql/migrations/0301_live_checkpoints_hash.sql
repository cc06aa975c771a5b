-- SHA-256 of what was read, hexadecimal, '' = not known; and of a followed file the state of that hash at the last whole block (64 bytes) before the
-- position, from which it goes on: a state holds no text.
ALTER TABLE hoptime_store.live_checkpoints ADD COLUMN IF NOT EXISTS sha256 String, ADD COLUMN IF NOT EXISTS hash_state String
