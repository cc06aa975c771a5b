-- Slow journeys and others by what an MTA answered when it deferred or refused them; a journey counts under each of its replies. The value of journeys
-- without such a reply is known as well: ''.
SELECT
  reply AS value,
  countIf(is_slow) AS slow,
  countIf(NOT is_slow) AS rest,
  any(known_slow) AS known_slow,
  any(known_rest) AS known_rest
FROM
(
  SELECT is_slow, reply, uniqExactIf(journey_id, is_slow) OVER () AS known_slow, uniqExactIf(journey_id, NOT is_slow) OVER () AS known_rest
  FROM
  (
    SELECT journey_id, is_slow
    FROM
    (
    SELECT
      *,
      {duration:Identifier} AS duration_ms,
      (first_event_at >= {slow_from:DateTime64(3, 'UTC')} AND first_event_at < {slow_to:DateTime64(3, 'UTC')} AND duration_ms >= {min_ms:Int64} AND duration_ms < {max_ms:Int64}) AS is_slow
    FROM hoptime.journeys
    WHERE
      duration_ms IS NOT NULL
      -- what is neither slow nor of the range of the others counts nowhere; from and to enclose both ranges
      AND (is_slow OR (first_event_at >= {rest_from:DateTime64(3, 'UTC')} AND first_event_at < {rest_to:DateTime64(3, 'UTC')}))
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
    )
  ) AS journey
  LEFT JOIN
  (
    SELECT DISTINCT journey_id, reply
    FROM
    (
      SELECT
        leftPad(lower(hex(journey_id)), 16, '0') AS journey_id,
        recipient AS to_recipient,
        original_recipient AS to_original,
        group_hash,
        begun_ms,
        last_ms
      FROM hoptime_store.journeys
      ARRAY JOIN hops.group_hash AS group_hash, hops.begun_ms AS begun_ms, hops.last_ms AS last_ms
      WHERE
        first_event_at >= {from:DateTime64(3, 'UTC')}
        AND first_event_at < {to:DateTime64(3, 'UTC')}
        AND (deferrals > 0 OR ifNull(hes_waiting_ms, 1) != 0)
    ) AS held
    INNER JOIN
    (
      SELECT
        group_hash,
        recipient,
        toUnixTimestamp64Milli(event_time) AS at_ms,
        -- what varies from mail to mail is taken out: whose words they are, addresses, ids, numbers
        substring(
          replaceRegexpAll(
            replaceRegexpAll(replaceRegexpOne(smtp_reply, '^.*? (?:said|refused to talk to me): ', ''), '<[^>]*>|[[:alnum:]._%+=-]+@[[:alnum:].-]+', '<…>'),
            '(\\s)[[:alnum:]:._/-]*\\d{3,}[[:alnum:]:._/-]*', '\\1#'
          ), 1, 120) AS reply
      FROM hoptime_store.trace_events
      WHERE
        kind IN ('deferred', 'rejected')
        AND smtp_reply != ''
        AND event_time >= {from:DateTime64(3, 'UTC')}
        AND event_time < {to:DateTime64(3, 'UTC')} + INTERVAL 6 DAY
    ) AS refusal USING (group_hash)
    WHERE at_ms BETWEEN begun_ms AND last_ms AND recipient IN ('', to_recipient, to_original)
  ) AS replied USING (journey_id)
)
GROUP BY reply
ORDER BY reply
