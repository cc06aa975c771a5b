-- Rollups of before count no replies: they are built anew.
TRUNCATE TABLE hoptime_store.rollup_marks
