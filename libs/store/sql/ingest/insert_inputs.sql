INSERT INTO hoptime_store.inputs
(input_id, version, path, format, options, state, correlated, records, parsed, skipped, rejected, events, problem, ingested_at, sha256, size_bytes, lines, modified_ms, followed)
SELECT input_id, toUnixTimestamp64Micro(now64(6)), path, format, options, state, correlated, records, parsed, skipped, rejected, events, problem, now64(3, 'UTC'),
    sha256, size_bytes, lines, modified_ms, followed
FROM file({spool:String}, 'JSONEachRow', 'input_id UInt64, path String, format String, options String, state String, correlated UInt8, records UInt64,
    parsed UInt64, skipped UInt64, rejected UInt64, events UInt64, problem String, sha256 String, size_bytes Int64, lines Int64, modified_ms Int64, followed UInt8')
