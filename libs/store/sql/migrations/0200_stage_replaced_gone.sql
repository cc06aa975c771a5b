-- stage_replaced_journeys says what is replaced.
DROP TABLE IF EXISTS hoptime_store.stage_replaced
