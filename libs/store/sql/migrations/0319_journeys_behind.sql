-- Journeys of before have no replies (0320): without these rows the next correlation takes in everything, and 0329 lets the next command correlate.
TRUNCATE TABLE hoptime_store.stage_parameters
