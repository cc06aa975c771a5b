-- Whether the rollups know whole hours: whether they are in line with the journeys, since when (epoch ms), and how many of these they count in these hours.
WITH (SELECT (argMax(in_line, version), max(version)) FROM hoptime_store.rollup_marks) AS mark
SELECT
  mark.1 AS in_line,
  mark.2 AS marked_ms,
  sum(latest) AS rolled
FROM
(
  SELECT argMax(journeys, (version, journeys)) AS latest
  FROM hoptime_store.rollup_versions
  WHERE span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  GROUP BY begins
)
-- There is too little to read for several threads.
SETTINGS max_threads = 1
