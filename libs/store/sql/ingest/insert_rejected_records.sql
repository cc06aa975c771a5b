INSERT INTO hoptime_store.rejected_records
SELECT {input_id:UInt64}, line, cityHash64(text), {source:String}, reason, text, now64(3, 'UTC')
FROM file({spool:String}, 'RowBinary', 'line UInt32, reason String, text String')
