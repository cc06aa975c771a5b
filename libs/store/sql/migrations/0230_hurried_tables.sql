-- Tables that give outdated parts up at once while an erasure waits (old_parts_lifetime = 1), and what the setting was before; empty text: the server's own.
-- What stands here when nobody waits was left by an erasure that was killed.
CREATE TABLE IF NOT EXISTS hoptime_store.hurried_tables
(
    name String,
    seconds String
)
ENGINE = MergeTree
ORDER BY name
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
