-- Inserts of events that have begun and have not ended, in this process or of any client of the server.
SELECT query_id AS id
FROM system.processes
WHERE query_kind = 'Insert' AND position(query, 'INSERT INTO hoptime_store.trace_events') > 0
