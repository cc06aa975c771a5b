-- One page of the journeys that match, after a given one: by time, or the slowest first. Columns in the order of interfaces.md §3.
SELECT
  journey_id,
  first_event_at,
  if({sort:String} = 'slowest', -ifNull(total_ms, -1), 0) AS sort_key,
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
WHERE
  -- says nothing new, but lets the engine skip what lies before the page
  ({sort:String} != 'time' OR first_event_at >= {after_at:DateTime64(3, 'UTC')})
  AND (sort_key, first_event_at, journey_id) > ({after_key:Int64}, {after_at:DateTime64(3, 'UTC')}, {after_id:String})
  AND ({min_ms:Int64} = -9223372036854775808 OR {duration:Identifier} >= {min_ms:Int64})
  AND ({max_ms:Int64} = 9223372036854775807 OR {duration:Identifier} < {max_ms:Int64})
  AND (
    empty({search:String})
    OR message_key = {search_key:String}
    OR lower(ifNull(recipient, '')) = {search:String}
    OR lower(ifNull(original_recipient, '')) = {search:String}
    OR lower(ifNull(sender, '')) = {search:String}
  )
  AND
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at < {to:DateTime64(3, 'UTC')}
  AND (empty({recipient_domain:Array(String)}) OR has({recipient_domain:Array(String)}, ifNull(toString(recipient_domain), 'unknown')))
  AND (empty({sender_domain:Array(String)}) OR has({sender_domain:Array(String)}, ifNull(toString(sender_domain), 'unknown')))
  AND (empty({direction:Array(String)}) OR has({direction:Array(String)}, ifNull(toString(direction), 'unknown')))
  AND (empty({state:Array(String)}) OR has({state:Array(String)}, ifNull(toString(state), 'unknown')))
  AND (empty({via_hes:Array(String)}) OR has({via_hes:Array(String)}, ifNull(toString(via_hes), 'unknown')))
  AND (
    empty({verdict:Array(String)})
    OR has({verdict:Array(String)}, ifNull(toString(verdict), 'unknown'))
    OR (has({verdict:Array(String)}, 'downstream') AND startsWith(ifNull(toString(verdict), ''), 'downstream:'))
  )
  AND (
    empty({mta:Array(String)})
    OR journey_id IN (
      SELECT journey_id
      FROM hoptime.hops AS any_clock
      WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
    )
  )
ORDER BY sort_key, first_event_at, journey_id
LIMIT {limit:UInt32}
