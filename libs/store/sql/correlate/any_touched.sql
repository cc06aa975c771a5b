-- Groups with events that no journey shows yet: touched since, and those that a correlation has taken which was cut off.
SELECT sum(waiting) AS touched, sum(begun) AS taken
FROM (SELECT count() AS waiting, 0 AS begun FROM hoptime_store.touched_groups UNION ALL SELECT 0, count() FROM hoptime_store.taken_groups)
