-- Says of all inputs that journeys do not show them yet (0319), as what was left half done: whoever asks next correlates first.
INSERT INTO hoptime_store.inputs
(input_id, version, path, format, options, state, correlated, records, parsed, skipped, rejected, events, problem, ingested_at, sha256, size_bytes, lines, modified_ms, followed)
SELECT input_id, version + 1, path, format, options, state, 0, records, parsed, skipped, rejected, events, problem, ingested_at,
    sha256, size_bytes, lines, modified_ms, followed
FROM hoptime_store.inputs FINAL
WHERE state != 'forgotten' AND correlated = 1
