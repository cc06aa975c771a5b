-- Reports as they were issued. Only ever added to: each names, in its manifest, the hash of the one before it.
CREATE TABLE IF NOT EXISTS hoptime_store.issued_reports
(
    -- 1, 2, 3 … over all reports of the store
    sequence UInt64,
    report_id String,
    -- what all revisions of one report have in common: period, zone, filters, clauses
    series String,
    revision UInt32,
    issued_at DateTime64(3, 'UTC'),
    period_from DateTime64(3, 'UTC'),
    period_to DateTime64(3, 'UTC'),
    tz String,
    -- JSON: what lists show of it
    summary String,
    -- name of the format → the document, byte by byte; a PDF in base64
    documents Map(String, String) CODEC(ZSTD(3)),
    manifest String CODEC(ZSTD(3)),
    manifest_sha256 String,
    -- base64; '' = not signed
    signature String
)
ENGINE = ReplacingMergeTree
ORDER BY sequence
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
