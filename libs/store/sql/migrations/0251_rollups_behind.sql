-- Rows of before know no largest delays: the rollups are built anew.
TRUNCATE TABLE hoptime_store.rollup_marks
