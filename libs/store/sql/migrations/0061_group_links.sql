-- What ties groups to each other, narrow and sorted for look-up: groups are tied when they share a link whose roles belong together (correlate/group_links.sql).
-- Filled when first asked for, emptied when everything is correlated anew. May name groups whose events have been forgotten: a tie too many costs time, one too few would cost a right journey.
CREATE TABLE IF NOT EXISTS hoptime_store.group_links
(
    link_hash UInt64 CODEC(NONE),
    -- 'key': a Message-ID; 'owns' and 'names': a queue id of this MTA, and one that a reply names; 'envelope' and 'refusal': sender and
    -- recipient of a HES transaction, and of a refusal
    role Enum8('key' = 0, 'owns' = 1, 'names' = 2, 'envelope' = 3, 'refusal' = 4),
    group_hash UInt64 CODEC(NONE)
)
ENGINE = ReplacingMergeTree
ORDER BY (link_hash, role, group_hash)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1
