-- Whether the rollups know whole hours: whether they are in line with the journeys, since when (epoch ms), and how many of these they count in these hours.
SELECT
  (SELECT argMax(in_line, version) FROM hoptime_store.rollup_marks) AS in_line,
  (SELECT max(version) FROM hoptime_store.rollup_marks) AS marked_ms,
  sum(latest) AS rolled
FROM
(
  SELECT argMax(journeys, version) AS latest
  FROM hoptime_store.rollup_versions
  WHERE span = 'hour' AND begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
  GROUP BY begins
)
