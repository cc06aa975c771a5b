-- The journeys that a correlation of touched messages replaces, as they were: what the rollups take away is read from here, several times. Emptied by it.
CREATE TABLE IF NOT EXISTS hoptime_store.stage_replaced_journeys AS hoptime_store.journeys
