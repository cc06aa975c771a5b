-- The values of a property with the largest part of all delay, and beside each row the sums over all values.
SELECT
  toString(by_value) AS value,
  toInt64(of_value) AS journeys,
  toInt64(known) AS count,
  toInt64(ms) AS sum_ms,
  toUInt32(count() OVER ()) AS all_values,
  toInt64(sum(of_value) OVER ()) AS all_journeys,
  toInt64(sum(known) OVER ()) AS all_count,
  toInt64(sum(ms) OVER ()) AS all_sum_ms
FROM
(
  SELECT s.value AS by_value, sum(s.journeys) AS of_value, sum(s.known) AS known, sum(s.ms) AS ms
  FROM hoptime_store.placed_totals AS s
  GROUP BY s.value
  HAVING of_value > 0
)
ORDER BY ms DESC, of_value DESC, value = '', value
LIMIT {limit:UInt32}
