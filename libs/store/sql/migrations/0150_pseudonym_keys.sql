-- With which key the local parts of this store's addresses were hashed: a fingerprint, never the key. No row: in clear. The first row counts.
CREATE TABLE IF NOT EXISTS hoptime_store.pseudonym_keys
(
    since DateTime64(3, 'UTC'),
    fingerprint String
)
ENGINE = MergeTree
ORDER BY (since, fingerprint)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
