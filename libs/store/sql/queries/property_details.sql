-- Which details the values of a property have, such as the product of an MTA.
SELECT value, detail, sum(count) AS n
FROM hoptime_store.placed_rows
GROUP BY value, detail
HAVING n > 0
ORDER BY value, detail
