-- The books of all inputs together.
SELECT
  count() AS inputs, sum(records) AS records, sum(parsed) AS parsed, sum(skipped) AS skipped, sum(rejected) AS rejected, sum(events) AS events,
  maxOrNull(ingested_at) AS changed_at
FROM hoptime.inputs
WHERE state != 'forgotten' AND (empty({file:String}) OR path = {file:String} OR endsWith(path, concat('/', {file:String})))
