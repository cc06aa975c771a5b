-- Stage tables that are not empty. On a server those of a generation have its number before their names; those of a cluster's shards count as filled.
SELECT DISTINCT replaceRegexpOne(name, '^g[0-9]+_', '') AS name
FROM system.tables
WHERE database = 'hoptime_store' AND match(name, '^(g[0-9]+_)?stage_') AND (total_rows > 0 OR engine = 'Distributed')
