-- How long HES waited because of each answer: of every journey that waited, the first refusal of its envelope while HES had it (as in journeys.sql).
SELECT
  told_by,
  answer.1 AS mta,
  answer.2 AS reply,
  count() AS journeys,
  sum(waited_ms) AS waiting_ms
FROM
(
  SELECT
    told_by,
    journey_id,
    any(hes_waiting_ms) AS waited_ms,
    argMin((at_mta, said), (event_time, event_id)) AS answer
  FROM
  (
    SELECT
      if(mta = 'hes', 'hes', 'mta') AS told_by,
      if(mta = 'hes', toString(next_mta), toString(mta)) AS at_mta,
      substring(
        replaceRegexpAll(
          replaceRegexpAll(replaceRegexpOne(smtp_reply, '^.*? (?:said|refused to talk to me): |(?:: \\d+)$', ''), '<[^>]*>|[[:alnum:]._%+=-]+@[[:alnum:].-]+', '<…>'),
          '(\\s)[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*', '\\1#'
        ), 1, 120) AS said,
      sender,
      recipient AS wanted,
      event_id,
      event_time
    FROM hoptime_store.trace_events
    WHERE
      kind IN ('deferred', 'rejected')
      AND event_time >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') AND event_time < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
      AND
      (
        (mta = 'hes' AND kind = 'deferred' AND statement = 'tracking')
        OR (mta != 'hes' AND statement IN ('noqueue', 'reject', 'milter-reject')
          AND (has({addresses:Array(String)}, peer_address) OR (peer != '' AND has({names:Array(String)}, peer))))
      )
  ) AS refusal
  INNER JOIN
  (
    SELECT
      journey_id,
      sender,
      if(original_recipient != '', original_recipient, recipient) AS wanted,
      assumeNotNull(hes_received_at) AS received_at,
      assumeNotNull(hes_released_at) AS released_at,
      assumeNotNull(hes_waiting_ms) AS hes_waiting_ms
    FROM hoptime_store.journeys
    WHERE hes_waiting_ms > 0 AND hes_received_at IS NOT NULL AND hes_released_at IS NOT NULL
  ) AS waited USING (sender, wanted)
  WHERE event_time >= received_at AND event_time <= released_at
  GROUP BY told_by, journey_id
)
GROUP BY told_by, mta, reply
ORDER BY waiting_ms DESC
LIMIT 1000
