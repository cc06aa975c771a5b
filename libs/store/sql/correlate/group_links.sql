-- The links of each event of a range of groups: by its Message-ID, its own queue id, the queue id that the next MTA answered, its envelope.
INSERT INTO hoptime_store.{links:Identifier}
WITH events AS
(
    SELECT *, product = 'trend-email-security' OR mta = 'hes' AS is_hes
    FROM hoptime_store.{events:Identifier}
    WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}
)
SELECT DISTINCT cityHash64('key', message_key) AS link_hash, 'key' AS role, group_hash FROM events WHERE message_key != ''
UNION ALL
SELECT DISTINCT cityHash64('id', queue_id), 'owns', group_hash FROM events WHERE queue_id != '' AND NOT is_hes
UNION ALL
SELECT DISTINCT cityHash64('id', next_queue_id), 'names', group_hash FROM events WHERE next_queue_id != ''
UNION ALL
SELECT DISTINCT cityHash64('envelope', sender, recipient), 'envelope', group_hash FROM events WHERE is_hes AND recipient != '' AND statement != 'noqueue'
UNION ALL
SELECT DISTINCT cityHash64('envelope', sender, recipient), 'refusal', group_hash FROM events WHERE statement IN ('noqueue', 'reject', 'milter-reject') AND recipient != ''
UNION ALL
-- Sendmail names the sender in another line of the queue id
SELECT DISTINCT cityHash64('envelope', s.sender, r.recipient), 'refusal', r.group_hash
FROM (SELECT group_hash, recipient FROM events WHERE product = 'sendmail' AND statement IN ('reject', 'milter-reject') AND recipient != '') AS r
INNER JOIN (SELECT group_hash, max(sender) AS sender FROM events WHERE product = 'sendmail' AND statement IN ('client', 'queue-active') GROUP BY group_hash) AS s USING (group_hash)
SETTINGS max_threads = 1
