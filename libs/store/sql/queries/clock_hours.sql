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
