-- What a schedule has done, epoch ms; from_ms 0: when it was first seen.
SELECT toUnixTimestamp64Milli(period_from) AS from_ms, toUnixTimestamp64Milli(run_at) AS run_ms
FROM hoptime_store.report_runs FINAL
WHERE schedule = {schedule:String}
ORDER BY run_at
