-- What was not understood in all inputs, by format and reason.
SELECT source, reason, count() AS records, toUInt32(uniqExact(input_id)) AS files
FROM hoptime.rejected_records
GROUP BY source, reason
ORDER BY records DESC, source, reason
LIMIT 200
