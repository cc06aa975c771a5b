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
          replaceRegexpAll(replaceRegexpOne(answer, '^.*? (?:said|refused to talk to me): |(?:: \\d+)$', ''), '<[^>]*>|[[:alnum:]._%+=-]+@[[:alnum:].-]+', '<…>'),
          '(\\s)(?:[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*|\\d+:\\d\\d:\\d\\d)', '\\1#'
        ), 1, 120) AS said,
      sender,
      recipient AS wanted,
      event_id,
      event_time
    FROM
    (
      -- Sendmail names client and sender of a milter's refusal in the from= line of the queue id
      SELECT
        e.kind AS kind, e.statement AS statement, e.mta AS mta, e.next_mta AS next_mta, e.event_id AS event_id, e.event_time AS event_time,
        e.recipient AS recipient, if(e.sender = '', q.sender, e.sender) AS sender,
        if(e.peer = '' AND e.peer_address = '', q.peer, e.peer) AS peer,
        if(e.peer = '' AND e.peer_address = '', q.peer_address, e.peer_address) AS peer_address,
        e.delay_ms AS delay_ms, if(e.delay_ms >= 0 AND q.whole != '', q.whole, toString(e.smtp_reply)) AS answer
      FROM
      (
        SELECT group_hash, kind, statement, mta, next_mta, event_id, event_time, recipient, sender, peer, peer_address, delay_ms, smtp_reply
        FROM hoptime_store.trace_events
        WHERE
          kind IN ('deferred', 'rejected') AND (statement = 'tracking' OR statement IN ('noqueue', 'reject', 'milter-reject'))
          AND event_time >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') AND event_time < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
      ) AS e
      LEFT JOIN
      (
        SELECT
          group_hash,
          maxIf(sender, statement != 'milter-reject') AS sender, maxIf(peer, statement != 'milter-reject') AS peer, maxIf(peer_address, statement != 'milter-reject') AS peer_address,
          maxIf(smtp_reply, statement = 'milter-reject' AND recipient = '') AS whole
        FROM hoptime_store.trace_events
        WHERE
          product = 'sendmail' AND statement IN ('client', 'queue-active', 'milter-reject')
          AND group_hash IN (SELECT group_hash FROM hoptime_store.trace_events WHERE product = 'sendmail' AND statement IN ('reject', 'milter-reject'))
        GROUP BY group_hash
      ) AS q USING (group_hash)
    )
    WHERE
      (mta = 'hes' AND kind = 'deferred' AND statement = 'tracking')
      OR (mta != 'hes' AND statement IN ('noqueue', 'reject', 'milter-reject')
        AND (has({addresses:Array(String)}, peer_address) OR (peer != '' AND has({names:Array(String)}, peer))))
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
