-- What MTAs answered when they deferred or refused the journey, without what varies from mail to mail; each once, in order. Journeys of before say that they do not
-- know, until all are built anew (0319, 0329).
ALTER TABLE hoptime_store.journeys ADD COLUMN IF NOT EXISTS replies Array(LowCardinality(String)) DEFAULT ['unknown until journeys are built anew'] AFTER sender_domain
