-- Recipient domains whose mail alone a key sees; none: all mail.
ALTER TABLE hoptime_store.api_keys ADD COLUMN IF NOT EXISTS domains Array(String)
