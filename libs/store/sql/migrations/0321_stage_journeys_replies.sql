-- Changes places with `journeys`: columns and their order are the same.
ALTER TABLE hoptime_store.stage_journeys ADD COLUMN IF NOT EXISTS replies Array(LowCardinality(String)) DEFAULT ['unknown until journeys are built anew'] AFTER sender_domain
