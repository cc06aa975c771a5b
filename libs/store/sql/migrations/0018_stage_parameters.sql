-- What the statements of a correlation have in common: names of MTAs, HES suffixes, HES address ranges. In a table, because chDB runs
-- statements with query parameters one at a time, and slices of a correlation run side by side.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_parameters
(
    name String,
    texts Array(String),
    numbers Array(UInt32)
)
ENGINE = MergeTree
ORDER BY name
