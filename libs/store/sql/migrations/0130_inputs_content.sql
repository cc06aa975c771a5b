-- What an input was when it was read, so that somebody else can say whether a file is that input. sha256 '' and −1: not known, as of a file that is
-- followed while it grows. Size, hash and date are those of the file as it lies on disk; lines are those of the text in it.
ALTER TABLE hoptime_store.inputs ADD COLUMN IF NOT EXISTS sha256 String, ADD COLUMN IF NOT EXISTS size_bytes Int64 DEFAULT -1,
    ADD COLUMN IF NOT EXISTS lines Int64 DEFAULT -1, ADD COLUMN IF NOT EXISTS modified_ms Int64 DEFAULT -1
