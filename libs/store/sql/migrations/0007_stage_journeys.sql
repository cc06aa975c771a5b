-- Journeys under construction; changes places with `journeys` when a correlation is complete.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_journeys AS hoptime_store.journeys
