INSERT INTO hoptime_store.report_runs
SELECT {schedule:String}, {period_from:DateTime64(3, 'UTC')}, {period_to:DateTime64(3, 'UTC')}, {run_at:DateTime64(3, 'UTC')}, {report_id:String}, now64(3, 'UTC')
