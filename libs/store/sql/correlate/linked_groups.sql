-- Queue ids that something links to others (delay model §4): a Message-ID of two of them or of HES, or a "queued as" that names one. Those of
-- several ownerships come to them. More than are linked in the end: what links them is decided in libs/ingest/link-legs.ts.
INSERT INTO hoptime_store.stage_linked_groups
SELECT DISTINCT group_hash
FROM
(
    SELECT group_hash
    FROM hoptime_store.{events:Identifier}
    WHERE message_key != '' AND cityHash64(message_key) % {slices:UInt32} = {slice:UInt32} AND cityHash64(message_key) IN
    (
        SELECT cityHash64(message_key) AS key_hash
        FROM hoptime_store.{events:Identifier}
        WHERE message_key != '' AND key_hash % {slices:UInt32} = {slice:UInt32}
        GROUP BY key_hash
        HAVING min(group_hash) != max(group_hash)
    )
    UNION ALL
    SELECT group_hash
    FROM hoptime_store.{events:Identifier}
    WHERE next_queue_id != '' AND cityHash64(next_queue_id) % {slices:UInt32} = {slice:UInt32} AND cityHash64(next_queue_id) IN
    (
        SELECT cityHash64(queue_id) AS id_hash
        FROM hoptime_store.{events:Identifier}
        WHERE queue_id != '' AND id_hash % {slices:UInt32} = {slice:UInt32}
    )
    UNION ALL
    SELECT group_hash
    FROM hoptime_store.{events:Identifier}
    WHERE queue_id != '' AND cityHash64(queue_id) % {slices:UInt32} = {slice:UInt32} AND cityHash64(queue_id) IN
    (
        SELECT cityHash64(next_queue_id) AS id_hash
        FROM hoptime_store.{events:Identifier}
        WHERE next_queue_id != '' AND id_hash % {slices:UInt32} = {slice:UInt32}
    )
)
SETTINGS max_threads = 1
