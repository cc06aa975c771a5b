-- Inputs that an ingest which was killed left half done: not read to the end, or not yet shown by the journeys.
SELECT path, state
FROM hoptime.inputs
WHERE state = 'reading' OR correlated = 0
ORDER BY path
