-- Keys of the HTTP API and the SQL endpoint. Of a key only the hash of its secret is kept; the latest version of a row counts.
CREATE TABLE IF NOT EXISTS hoptime_store.api_keys
(
    key_id String,
    name String,
    role LowCardinality(String),
    secret_hash String,
    created_at DateTime64(3, 'UTC'),
    -- 1970: never
    expires_at DateTime64(3, 'UTC'),
    revoked UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY key_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
