-- Hand-overs whose "queued as" names a queue id of an ownership with another message key, or with none (delay model §4.3).
SELECT DISTINCT
    toString(f.key_hash) AS from_key, toString(t.key_hash) AS to_key, f.is_hes AS from_hes, f.next_mta AS next_mta, f.next_address AS next_address,
    f.mta AS from_mta, t.mta AS to_mta, t.client AS to_client, t.message_key = '' AS to_nameless, hex(t.custody_id) AS to_custody,
    abs(coalesce(f.ended_ms, f.header_ended_ms, f.last_ms) - t.begun_ms) AS distance_ms, hex(f.leg_id) AS from_leg
FROM
(
    SELECT * FROM hoptime_store.stage_legs
    WHERE next_queue_id != '' AND cityHash64(next_queue_id) % {slices:UInt32} = {slice:UInt32}
) AS f
INNER JOIN
(
    SELECT * FROM hoptime_store.stage_legs
    WHERE is_hes = 0 AND queue_id != '' AND cityHash64(queue_id) % {slices:UInt32} = {slice:UInt32}
        AND queue_id IN (SELECT next_queue_id FROM hoptime_store.stage_legs WHERE next_queue_id != '' AND cityHash64(next_queue_id) % {slices:UInt32} = {slice:UInt32})
) AS t ON f.next_queue_id = t.queue_id
WHERE f.key_hash != t.key_hash AND f.custody_id != t.custody_id
    -- the two ends are one SMTP transaction: clocks may differ, a queue id used again lies further away
    AND abs(coalesce(f.ended_ms, f.header_ended_ms, f.last_ms) - t.begun_ms) <= 3600000
    -- what libs/ingest/rekeys.ts demands of the names, as far as it can be said here: else a queue id in use at many MTAs would pair them all
    AND multiIf(
        f.mta = t.mta, t.client = 'self' OR startsWith(f.next_address, '127.'),
        f.is_hes = 1 AND (t.client = 'hes' OR f.next_mta = ''), 1,
        f.next_mta = t.mta OR splitByChar('.', f.next_mta)[1] = splitByChar('.', toString(t.mta))[1], 1,
        notEmpty((SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'mta_aliases')))
ORDER BY from_leg, distance_ms, to_custody
LIMIT 64 BY from_leg
SETTINGS max_threads = 1
