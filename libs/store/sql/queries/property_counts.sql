-- How many journeys values of a property have, by what coverage counts, and the first and last day (UTC) of those.
SELECT state, via_hes, verdict, matched, toInt64(sum(journeys)) AS journeys, toString(min(begins)) AS first_day, toString(max(begins)) AS last_day
FROM
(
  SELECT state, via_hes, verdict, matched, begins, sum(journeys) AS journeys
  FROM hoptime_store.placed_sums
  GROUP BY state, via_hes, verdict, matched, begins
  HAVING journeys > 0
)
GROUP BY state, via_hes, verdict, matched
ORDER BY state, via_hes, verdict, matched
