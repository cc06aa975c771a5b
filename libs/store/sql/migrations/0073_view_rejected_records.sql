-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.rejected_records
(
    input_id String COMMENT 'joins inputs.input_id',
    file String COMMENT 'path of the input',
    line UInt32 COMMENT 'line of the input, from 1',
    source LowCardinality(String) COMMENT 'format that it was read as',
    reason String COMMENT 'why it was rejected',
    text String COMMENT 'the record, at most 64 KiB of it',
    rejected_at DateTime64(3, 'UTC') COMMENT 'when'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT leftPad(lower(hex(r.input_id)), 16, '0') AS input_id, i.path AS file, r.line AS line, toString(r.source) AS source, r.reason AS reason, r.text AS text, r.rejected_at AS rejected_at
FROM (SELECT * FROM hoptime_store.rejected_records FINAL) AS r
LEFT JOIN (SELECT input_id, path FROM hoptime_store.inputs FINAL) AS i USING (input_id)
COMMENT 'One row per record that should have been understood and was not.'
