-- The same as journeys, whose place it takes.
ALTER TABLE hoptime_store.stage_journeys MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1
