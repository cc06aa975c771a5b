-- Groups with events that no journey shows yet.
SELECT sum(groups) AS groups
FROM (SELECT count() AS groups FROM hoptime_store.touched_groups UNION ALL SELECT count() FROM hoptime_store.taken_groups)
