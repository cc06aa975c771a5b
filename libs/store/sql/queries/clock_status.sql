-- How many journeys have figures that were corrected, that could not be, or that need no correction, and how large the corrections are.
SELECT
  countIf(clock_status = 'corrected') AS corrected,
  countIf(clock_status = 'one_clock') AS one_clock,
  countIf(clock_status = 'not_correctable') AS not_correctable,
  quantilesExactIf(0.499999999999, 0.949999999999)(abs(assumeNotNull(clock_correction_ms)), clock_status = 'corrected') AS quantiles_ms,
  maxOrNullIf(abs(clock_correction_ms), clock_status = 'corrected') AS max_ms,
  countIf(hes_ms < 0 OR downstream_ms < 0) AS negative
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
