INSERT INTO hoptime_store.inputs
(input_id, version, path, format, options, state, correlated, records, parsed, skipped, rejected, events, problem, ingested_at)
SELECT input_id, toUnixTimestamp64Micro(now64(6)), path, format, options, state, 1, records, parsed, skipped, rejected, events, problem, ingested_at
FROM hoptime_store.inputs FINAL
WHERE correlated = 0
