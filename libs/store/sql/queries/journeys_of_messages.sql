-- All journeys of some Message-IDs that begin in a range, and at one of some times where such are given: one per recipient and HES transaction, the slowest first.
SELECT
  message_key,
  journey_id,
  first_event_at,
  message_id,
  recipient,
  original_recipient,
  sender,
  toString(direction) AS direction,
  toString(state) AS state,
  toString(via_hes) AS via_hes,
  toString(verdict) AS verdict,
  hes_received_at,
  hes_first_attempt_at,
  hes_released_at,
  toString(released_by) AS released_by,
  delivered_at,
  hes_ms,
  hes_processing_ms,
  hes_waiting_ms,
  hes_quarantine_ms,
  downstream_ms,
  total_ms,
  upstream_ms,
  hop_count,
  slowest_hop_mta,
  slowest_hop_ms,
  deferrals,
  clock_correction_ms,
  toString(matched_by) AS matched_by
FROM hoptime.journeys
WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND (empty({times:Array(DateTime64(3, 'UTC'))}) OR first_event_at IN {times:Array(DateTime64(3, 'UTC'))})
  AND message_key IN {message_keys:Array(String)} AND (empty({recipient:String}) OR lower(ifNull(recipient, '')) = {recipient:String})
ORDER BY total_ms DESC NULLS LAST, first_event_at, recipient, journey_id
