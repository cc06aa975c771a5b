-- The same as journeys, whose place it takes.
ALTER TABLE hoptime_store.stage_journeys MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 4194304
