INSERT INTO hoptime_store.rejected_records
SELECT input_id, line, cityHash64(text), source, reason, text, now64(3, 'UTC')
FROM file({spool:String}, 'RowBinary', {structure:String})
