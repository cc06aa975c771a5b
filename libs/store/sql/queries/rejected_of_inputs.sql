-- How many records of some inputs were not understood.
SELECT count() AS records
FROM hoptime.rejected_records
WHERE has({inputs:Array(String)}, input_id)
