-- The same of journeys in hours in which a range differs from these days.
SELECT * FROM hoptime_store.rollup_rows
WHERE empty({values:Array(String)}) OR value IN {values:Array(String)}
