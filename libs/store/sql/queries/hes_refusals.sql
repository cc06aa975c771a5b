-- What MTAs answered to clients of HES, or HES says that they answered, when they did not take a mail; the most frequent first.
SELECT
  told_by,
  at_mta AS mta,
  said AS reply,
  uniqExact(event_id) AS refusals,
  arraySort(groupUniqArrayIf(20)(peer_address, peer_address != '')) AS addresses,
  any(code) AS code,
  concat(replaceOne(toString(min(event_time)), ' ', 'T'), 'Z') AS first_at,
  concat(replaceOne(toString(max(event_time)), ' ', 'T'), 'Z') AS last_at,
  toUInt32(count() OVER ()) AS all_replies
FROM
(
  SELECT
    if(mta = 'hes', 'hes', 'mta') AS told_by,
    if(mta = 'hes', toString(next_mta), toString(mta)) AS at_mta,
    -- what varies from mail to mail is taken out, as in breakdown_by_reply.sql, and how long a greylisting goes on
    substring(
      replaceRegexpAll(
        replaceRegexpAll(replaceRegexpOne(answer, '^.*? (?:said|refused to talk to me): |(?:: \\d+)$', ''), '<[^>]*>|[[:alnum:]._%+=-]+@[[:alnum:].-]+', '<…>'),
        '(\\s)(?:[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*|\\d+:\\d\\d:\\d\\d)', '\\1#'
      ), 1, 120) AS said,
    extract(answer, '(?:^|: |\\()([45][0-5]\\d)(?:[ -]|$)') AS code,
    event_id,
    event_time,
    peer_address
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
    -- recipients of a message that was refused as a whole stand behind the milter's line
    (mta = 'hes' AND kind = 'deferred' AND statement = 'tracking')
    OR (mta != 'hes' AND statement IN ('noqueue', 'reject', 'milter-reject') AND NOT (statement = 'milter-reject' AND delay_ms >= 0)
      AND (has({addresses:Array(String)}, peer_address) OR (peer != '' AND has({names:Array(String)}, peer))))
)
GROUP BY told_by, at_mta, said
ORDER BY refusals DESC, told_by, mta, reply
LIMIT 200
