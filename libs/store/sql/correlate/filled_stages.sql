-- Stage tables that are not empty. On a server those of a generation have its number before their names.
SELECT DISTINCT replaceRegexpOne(name, '^g[0-9]+_', '') AS name
FROM system.tables
WHERE database = 'hoptime_store' AND match(name, '^(g[0-9]+_)?stage_') AND total_rows > 0
