-- How many records of all inputs were not understood.
SELECT count() AS records
FROM hoptime_store.rejected_records FINAL
