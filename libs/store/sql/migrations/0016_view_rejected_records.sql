CREATE VIEW IF NOT EXISTS hoptime.rejected_records AS
SELECT leftPad(lower(hex(r.input_id)), 16, '0') AS input_id, i.path AS file, r.line AS line, toString(r.source) AS source, r.reason AS reason, r.text AS text, r.rejected_at AS rejected_at
FROM (SELECT * FROM hoptime_store.rejected_records FINAL) AS r
LEFT JOIN (SELECT input_id, path FROM hoptime_store.inputs FINAL) AS i USING (input_id)
