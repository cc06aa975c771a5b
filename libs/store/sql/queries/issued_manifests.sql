-- Manifests of issued reports with their signatures, in the order in which they were issued: all after one, at most so many.
SELECT sequence, report_id, manifest, manifest_sha256, signature
FROM hoptime_store.issued_reports FINAL
WHERE sequence > {after:UInt64} AND (empty({report_id:String}) OR report_id = {report_id:String})
ORDER BY sequence
LIMIT {limit:UInt32}
