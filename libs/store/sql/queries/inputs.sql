-- The inputs that were read, the newest first.
SELECT input_id, path, format, state, toBool(correlated) AS correlated, records, parsed, skipped, rejected, events, problem, ingested_at
FROM hoptime.inputs
WHERE state != 'forgotten' AND (empty({file:String}) OR path = {file:String} OR endsWith(path, concat('/', {file:String})))
ORDER BY ingested_at DESC, path, input_id
LIMIT {limit:UInt32}
