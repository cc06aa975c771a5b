-- The delay of all journeys whose total is known, by what made them late: of everything, of each month, and of the recipient domains with the largest delay.
SELECT
  scope,
  key,
  verdict,
  journeys,
  delay_ms,
  key_journeys,
  key_delay_ms
FROM
(
  SELECT
    *,
    dense_rank() OVER (PARTITION BY scope ORDER BY key_delay_ms DESC, key) AS place
  FROM
  (
    SELECT
      scope,
      key,
      verdict,
      sum(own_journeys) AS journeys,
      sum(own_delay_ms) AS delay_ms,
      sum(journeys) OVER (PARTITION BY scope, key) AS key_journeys,
      sum(delay_ms) OVER (PARTITION BY scope, key) AS key_delay_ms
    FROM
    (
      SELECT
        toStartOfMonth(first_event_at, {tz:String}) AS month,
        recipient_domain AS domain,
        verdict AS own_verdict,
        count() AS own_journeys,
        sum(assumeNotNull(total_ms)) AS own_delay_ms
      FROM hoptime.journeys
      WHERE
        total_ms IS NOT NULL
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
      GROUP BY month, domain, own_verdict
    )
    ARRAY JOIN
      ['all', 'month', 'recipient_domain'] AS scope,
      [
        '',
        toString(toUnixTimestamp(toDateTime(month, {tz:String})) * 1000),
        ifNull(toString(domain), 'unknown')
      ] AS key
    GROUP BY scope, key, ifNull(toString(own_verdict), 'unknown') AS verdict
  )
)
WHERE scope != 'recipient_domain' OR place <= {domains:UInt32}
ORDER BY scope, if(scope = 'month', 0, key_delay_ms) DESC, key, delay_ms DESC, verdict
