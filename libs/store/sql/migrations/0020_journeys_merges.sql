-- Big parts stay as they are: a correlation writes them once, and merging a million wide rows costs more than the whole correlation of them.
ALTER TABLE hoptime_store.journeys MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 4194304
