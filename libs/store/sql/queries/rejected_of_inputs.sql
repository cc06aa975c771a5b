-- How many records of some inputs were not understood, of each up to a line.
SELECT count() AS records
FROM hoptime.rejected_records
WHERE line <= {lines:Array(UInt32)}[indexOf({inputs:Array(String)}, input_id)]
