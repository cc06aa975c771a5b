-- Another order of rows cannot be given to a table that is there: the rollups are built anew.
DROP TABLE IF EXISTS hoptime_store.property_histograms
