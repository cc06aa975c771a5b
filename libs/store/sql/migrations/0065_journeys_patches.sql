-- Journeys that a correlation of touched messages replaces are masked by patch parts: 30 ms instead of 6 s for a rewritten mask of every part.
ALTER TABLE hoptime_store.journeys MODIFY SETTING enable_block_number_column = 1, enable_block_offset_column = 1
