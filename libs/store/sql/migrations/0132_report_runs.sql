-- Which periods a schedule has issued, so that each is issued once, by whatever process. Of 1970: when the schedule was first seen.
CREATE TABLE IF NOT EXISTS hoptime_store.report_runs
(
    schedule String,
    period_from DateTime64(3, 'UTC'),
    period_to DateTime64(3, 'UTC'),
    -- when it was due
    run_at DateTime64(3, 'UTC'),
    report_id String,
    done_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(done_at)
ORDER BY (schedule, period_from)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
