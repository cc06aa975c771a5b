-- One row per bucket was most of what a question took: 0261 makes the table anew, one row per histogram.
DROP TABLE IF EXISTS hoptime_store.property_histograms
