CREATE VIEW IF NOT EXISTS hoptime.inputs AS
SELECT leftPad(lower(hex(input_id)), 16, '0') AS input_id, path, format, options, toString(state) AS state, correlated, records, parsed, skipped, rejected, events,
    nullIf(problem, '') AS problem, ingested_at
FROM (SELECT * FROM hoptime_store.inputs FINAL)
