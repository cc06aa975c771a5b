-- Legs of messages that have more than one custody, a message after the other: what links them is decided in libs/ingest/link-legs.ts.
WITH legs AS
(
    SELECT if(k.root_hash = 0, l.key_hash, k.root_hash) AS root_hash, l.*
    FROM
    (
        SELECT * FROM hoptime_store.stage_legs
        WHERE (key_hash >= {from:UInt64} AND key_hash <= {to:UInt64})
            OR key_hash IN (SELECT key_hash FROM hoptime_store.stage_rekeys WHERE root_hash >= {from:UInt64} AND root_hash <= {to:UInt64})
    ) AS l
    LEFT JOIN hoptime_store.stage_rekeys AS k USING (key_hash)
    WHERE root_hash >= {from:UInt64} AND root_hash <= {to:UInt64}
)
SELECT
    hex(root_hash) AS root, toString(leg_id) AS id, hex(custody_id) AS custody, message_key, is_hes, toString(mta) AS mta, toString(product) AS product, queue_id, begun_ms, received_ms,
    coalesce(ended_ms, header_ended_ms) AS ended_ms, client, peer, original_queue_id, next_mta, next_address, next_queue_id, recipient, original_recipient
FROM legs
WHERE root_hash IN (SELECT root_hash FROM legs GROUP BY root_hash HAVING min(custody_id) != max(custody_id))
ORDER BY root_hash, leg_id
SETTINGS max_threads = 1
