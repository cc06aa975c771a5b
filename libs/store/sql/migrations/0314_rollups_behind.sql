-- Histograms and totals are empty: the rollups are built anew.
TRUNCATE TABLE hoptime_store.rollup_marks
