INSERT INTO hoptime_store.issued_reports
SELECT sequence, report_id, series, revision, fromUnixTimestamp64Milli(issued_ms, 'UTC'), fromUnixTimestamp64Milli(from_ms, 'UTC'), fromUnixTimestamp64Milli(to_ms, 'UTC'),
    tz, summary, documents, manifest, manifest_sha256, signature
FROM file({spool:String}, 'JSONEachRow', 'sequence UInt64, report_id String, series String, revision UInt32, issued_ms Int64, from_ms Int64, to_ms Int64, tz String, summary String, documents Map(String, String), manifest String, manifest_sha256 String, signature String')
