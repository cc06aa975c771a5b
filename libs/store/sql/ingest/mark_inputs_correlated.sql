-- A version right after the one that it amends: what a writer says of the input meanwhile is newer.
INSERT INTO hoptime_store.inputs
(input_id, version, path, format, options, state, correlated, records, parsed, skipped, rejected, events, problem, ingested_at, sha256, size_bytes, lines, modified_ms, followed)
SELECT input_id, version + 1, path, format, options, state, 1, records, parsed, skipped, rejected, events, problem, ingested_at,
    sha256, size_bytes, lines, modified_ms, followed
FROM hoptime_store.inputs FINAL
WHERE correlated = 0 AND version <= {until:UInt64}
