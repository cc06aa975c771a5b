-- All groups of a journey expire together.
ALTER TABLE hoptime_store.journeys
DELETE WHERE hops.group_hash[1] IN (SELECT group_hash FROM hoptime_store.expired_groups)
SETTINGS mutations_sync = 2
