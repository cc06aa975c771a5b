-- The statements that started from it hold its text.
DROP VIEW IF EXISTS hoptime_store.stage_queue_legs
