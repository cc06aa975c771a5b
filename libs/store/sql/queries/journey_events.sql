-- Every event that one journey rests on, with file and line: those of its hops' queue ids while it owned them, and those of its HES
-- transaction; also refusals of its envelope by the next MTA while HES held it.
WITH
    (SELECT (hops.group_hash, hops.begun_ms, hops.last_ms, hops.mta, recipient, original_recipient, sender, hes_received_at, hes_released_at)
     FROM hoptime_store.journeys WHERE journey_id = reinterpretAsUInt64(reverse(unhex({journey_id:String}))) LIMIT 1) AS j
SELECT
    e.event_time AS event_time, toString(e.kind) AS kind, toString(e.statement) AS statement, toString(e.mta) AS mta, toString(e.product) AS product,
    nullIf(e.queue_id, '') AS queue_id, nullIf(e.message_id, '') AS message_id, nullIf(e.peer, '') AS peer, nullIf(e.recipient, '') AS recipient,
    nullIf(e.next_mta, '') AS next_mta, nullIf(e.next_queue_id, '') AS next_queue_id, nullIf(e.smtp_reply, '') AS smtp_reply,
    if(e.delay_ms < 0, NULL, e.delay_ms) AS delay_ms, i.path AS file, e.line AS line
FROM
(
    SELECT *
    FROM
    (
        -- by the order of the table
        SELECT * FROM hoptime_store.trace_events
        WHERE group_hash IN (SELECT arrayJoin(j.1))
            AND arrayExists((g, b, l) -> g = group_hash AND toUnixTimestamp64Milli(event_time) BETWEEN b AND if(kind = 'closed', l + 1000, l), j.1, j.2, j.3)
            AND (queue_id = '' OR mta = 'hes' OR product = 'trend-email-security' OR recipient IN ('', j.5, j.6) OR statement NOT IN ('delivery', 'reject'))
        UNION ALL
        SELECT * FROM hoptime_store.trace_events
        WHERE statement = 'noqueue' AND recipient != '' AND sender = j.7 AND recipient = j.6 AND event_time BETWEEN j.8 AND j.9
        UNION ALL
        -- of Sendmail the sender stands in another line of the queue id
        SELECT * FROM hoptime_store.trace_events
        WHERE product = 'sendmail' AND statement IN ('reject', 'milter-reject') AND recipient != '' AND recipient = j.6 AND event_time BETWEEN j.8 AND j.9
            AND group_hash IN (
                SELECT group_hash FROM hoptime_store.trace_events
                WHERE product = 'sendmail' AND statement IN ('client', 'queue-active') AND sender = j.7 AND event_time BETWEEN j.8 - INTERVAL 1 HOUR AND j.9 + INTERVAL 1 HOUR)
    )
    -- of a statement told several times the last line, which a merge keeps as well: evidence is the same before and after it, and in a fresh store
    ORDER BY line DESC, input_id LIMIT 1 BY event_id
) AS e
LEFT JOIN (SELECT input_id, path FROM hoptime_store.inputs FINAL) AS i USING (input_id)
ORDER BY event_time, toInt8(e.kind), toInt8(e.statement), line, e.event_id
