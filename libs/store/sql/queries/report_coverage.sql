-- How many journeys there are, of which origin and state, and what is missing beside them: the counts that stand beside every figure.
SELECT
  count() AS journeys,
  countIf(via_hes = 'yes') AS via_hes_yes,
  countIf(via_hes = 'no') AS not_via_hes,
  countIf(via_hes = 'unknown') AS unknown,
  countIf(via_hes = 'yes' AND ifNull(hop_count, 0) > 0) AS matched_downstream,
  countIf(via_hes = 'yes' AND ifNull(hop_count, 0) > 0 AND state IN ('complete', 'relayed')) AS matched_complete,
  countIf(state = 'complete') AS complete,
  countIf(state = 'relayed') AS relayed,
  countIf(state = 'in_flight') AS in_flight,
  countIf(state = 'bounced') AS bounced,
  countIf(state = 'rejected') AS rejected,
  countIf(state = 'expired') AS expired,
  countIf(state = 'quarantined') AS quarantined,
  countIf(state = 'deleted') AS deleted,
  (SELECT count() FROM hoptime.rejected_records) AS rejected_records,
  minOrNull(first_event_at) AS first_at,
  maxOrNull(first_event_at) AS last_at,
  minOrNullIf(first_event_at, state = 'in_flight') AS oldest_in_flight_at
FROM hoptime.journeys
WHERE
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
