-- As `journeys`, whose rows it takes.
ALTER TABLE hoptime_store.stage_replaced_journeys ADD COLUMN IF NOT EXISTS replies Array(LowCardinality(String)) DEFAULT ['unknown until journeys are built anew'] AFTER sender_domain
