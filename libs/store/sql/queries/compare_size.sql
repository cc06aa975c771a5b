-- Slow journeys and others by the size of the mail, in classes that grow by 4, where an MTA tells it. Of very many others a part stands for all:
-- those whose id is divided by {one_of}.
SELECT
  value,
  countIf(is_slow) AS slow,
  countIf(NOT is_slow) AS rest,
  sum(countIf(is_slow)) OVER () AS known_slow,
  sum(countIf(NOT is_slow)) OVER () AS known_rest
FROM
(
  SELECT
    any(is_slow) AS is_slow,
    multiIf(
      max(most_bytes) < 16384, '1 under 16 KiB', max(most_bytes) < 65536, '2 16 to 64 KiB', max(most_bytes) < 262144, '3 64 to 256 KiB',
      max(most_bytes) < 1048576, '4 256 KiB to 1 MiB', max(most_bytes) < 4194304, '5 1 to 4 MiB', max(most_bytes) < 16777216, '6 4 to 16 MiB', '7 16 MiB or more'
    ) AS value
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
    WHERE is_slow OR modulo(reinterpretAsUInt64(unhex(journey_id)), {one_of:UInt32}) = 0
  ) AS journey
  INNER JOIN
  (
    SELECT leftPad(lower(hex(journey_id)), 16, '0') AS journey_id, group_hash
    FROM hoptime_store.journeys AS any_clock
    ARRAY JOIN hops.group_hash AS group_hash
    WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
  ) AS hop USING (journey_id)
  INNER JOIN
  (
    SELECT group_hash, max(size_bytes) AS most_bytes
    FROM hoptime_store.trace_events
    WHERE
      size_bytes >= 0
      AND event_time >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY
      AND event_time < {to:DateTime64(3, 'UTC')} + INTERVAL 6 DAY
    GROUP BY group_hash
  ) AS size USING (group_hash)
  GROUP BY journey_id
)
GROUP BY value
ORDER BY value
