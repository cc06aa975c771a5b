-- The same of journeys beside them.
SELECT * EXCEPT (property) FROM hoptime_store.rollup_rows
WHERE empty({values:Array(String)}) OR value IN {values:Array(String)}
