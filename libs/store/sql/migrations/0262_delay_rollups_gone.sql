-- As 0260.
DROP TABLE IF EXISTS hoptime_store.delay_rollups
