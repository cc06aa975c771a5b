-- Clock offsets per pair of MTAs and hour, as the view clock_offsets, of the hours of a range; with single transfers (time, ms) of hours that have few or differing ones.
SELECT
  toUnixTimestamp(hour) * 1000 AS at_ms,
  from_mta,
  to_mta,
  transfers,
  offset_ms,
  estimate_ms,
  lower_ms,
  upper_ms,
  from_resolution_ms,
  to_resolution_ms,
  transmission_ms,
  single
FROM hoptime_store.clock_hours(from = {scan_from:DateTime64(3, 'UTC')}, to = {scan_to:DateTime64(3, 'UTC')})
WHERE hour >= {from:DateTime64(3, 'UTC')} AND hour < {to:DateTime64(3, 'UTC')}
ORDER BY from_mta, to_mta, hour
LIMIT 500000
-- the transfers of all hours at once take gigabytes of a large month: on disk, and cut to figures before hours are put in order
SETTINGS max_bytes_before_external_group_by = 200000000, query_plan_execute_functions_after_sorting = 0
