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
    -- what varies from mail to mail is taken out, as in breakdown_by_reply.sql
    substring(
      replaceRegexpAll(
        replaceRegexpAll(replaceRegexpOne(smtp_reply, '^.*? (?:said|refused to talk to me): |(?:: \\d+)$', ''), '<[^>]*>|[[:alnum:]._%+=-]+@[[:alnum:].-]+', '<…>'),
        '(\\s)[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*', '\\1#'
      ), 1, 120) AS said,
    extract(smtp_reply, '(?:^|: |\\()([45][0-5]\\d)(?:[ -]|$)') AS code,
    event_id,
    event_time,
    peer_address
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
)
GROUP BY told_by, at_mta, said
ORDER BY refusals DESC, told_by, mta, reply
LIMIT 200
