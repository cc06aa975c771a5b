-- How far each log of a remote API has been collected: written when all records up to there lie in files of the store's folder, so a kill
-- repeats work and loses nothing. The latest version counts.
CREATE TABLE IF NOT EXISTS hoptime_store.collect_checkpoints
(
    -- host of the API, hash of the user, type of the log
    log String,
    version UInt64,
    collected_to DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(version)
ORDER BY log
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
