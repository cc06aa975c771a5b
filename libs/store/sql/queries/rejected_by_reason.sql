-- What was not understood, by file and reason, the commonest first, with the first line of each.
SELECT
  file,
  source,
  reason,
  count() AS count,
  min(line) AS first_line,
  argMin(text, line) AS first_text
FROM hoptime.rejected_records
WHERE empty({file:String}) OR file = {file:String} OR endsWith(file, concat('/', {file:String}))
GROUP BY file, source, reason
ORDER BY count DESC, file, reason
LIMIT {limit:UInt32}
