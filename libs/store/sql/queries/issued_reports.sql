-- Issued reports without their documents, the newest first.
SELECT sequence, report_id, series, revision, toUnixTimestamp64Milli(issued_at) AS issued_ms, toUnixTimestamp64Milli(period_from) AS from_ms,
    toUnixTimestamp64Milli(period_to) AS to_ms, tz, summary, manifest_sha256, signature != '' AS signed
FROM hoptime_store.issued_reports FINAL
WHERE (empty({series:String}) OR series = {series:String}) AND (empty({report_id:String}) OR report_id = {report_id:String})
ORDER BY sequence DESC
LIMIT {limit:UInt32}
