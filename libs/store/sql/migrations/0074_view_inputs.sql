-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.inputs
(
    input_id String COMMENT 'name of the input',
    path String COMMENT 'where it was read from',
    format String COMMENT 'format that it was read as',
    options String COMMENT 'JSON: options that it was read with',
    state String COMMENT 'reading (not at its end), read or forgotten',
    correlated UInt8 COMMENT '1: journeys are up to date with it',
    records UInt64 COMMENT 'records = parsed + skipped + rejected',
    parsed UInt64 COMMENT 'records that gave events',
    skipped UInt64 COMMENT 'records that speak of no message',
    rejected UInt64 COMMENT 'records that should have been understood and were not',
    events UInt64 COMMENT 'events that the parsed records gave',
    problem Nullable(String) COMMENT 'why it could not be read to its end; NULL: nothing',
    ingested_at DateTime64(3, 'UTC') COMMENT 'when'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT leftPad(lower(hex(input_id)), 16, '0') AS input_id, path, format, options, toString(state) AS state, correlated, records, parsed, skipped, rejected, events,
    nullIf(problem, '') AS problem, ingested_at
FROM (SELECT * FROM hoptime_store.inputs FINAL)
COMMENT 'One row per input that was read: a file with the options it was read with.'
