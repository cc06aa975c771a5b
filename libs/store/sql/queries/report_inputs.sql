-- Inputs that fed a period: those with an event between two times, and those that told of no event and were not understood, which have no time.
SELECT leftPad(lower(hex(i.input_id)), 16, '0') AS input_id, path, format, options, toString(state) AS state, sha256, size_bytes, lines, modified_ms, followed, problem,
    records, parsed, skipped, rejected, events
FROM (SELECT * FROM hoptime_store.inputs FINAL) AS i
WHERE i.state != 'forgotten'
    AND
    (
        i.input_id IN (SELECT input_id FROM hoptime_store.trace_events WHERE event_time >= {since:DateTime64(3, 'UTC')} AND event_time < {until:DateTime64(3, 'UTC')})
        OR (events = 0 AND rejected > 0)
    )
ORDER BY path, i.input_id
