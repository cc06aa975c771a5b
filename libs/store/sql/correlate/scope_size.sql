-- How many groups the scope has, and how many of them the latest round added.
SELECT count() AS groups, countIf(round = {round:UInt8}) AS added FROM hoptime_store.stage_scope
