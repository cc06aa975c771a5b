-- The hops of some journeys, in order.
SELECT
  journey_id,
  position,
  toString(segment) AS segment,
  mta,
  product,
  queue_id,
  received_at,
  relayed_at,
  dwell_ms,
  transfer_ms,
  deferrals,
  toString(outcome) AS outcome,
  next_mta,
  next_queue_id,
  reported_delay_ms,
  before_queue_ms,
  in_queue_ms,
  connect_ms,
  transmit_ms,
  smtp_reply
FROM hoptime.hops
WHERE
  first_event_at >= {from:DateTime64(3, 'UTC')}
  AND first_event_at <= {to:DateTime64(3, 'UTC')}
  AND (empty({times:Array(DateTime64(3, 'UTC'))}) OR first_event_at IN {times:Array(DateTime64(3, 'UTC'))})
  AND journey_id IN {journey_ids:Array(String)}
ORDER BY journey_id, position
