/** A question that people ask, and the statement that answers it. */
export interface SqlExample {
  readonly question: string;
  readonly sql: string;
}

/** For the manual (docs/sql.md) and `hoptime sql --examples`: statements over the documented views, for the embedded engine and a server alike. */
export const SQL_EXAMPLES: readonly SqlExample[] = [
  {
    question: 'What is the fleet p95 of each segment, day by day?',
    sql: `SELECT toDate(first_event_at) AS day,
  quantileExactWeighted(0.95)(hes_ms, 1) AS hes_p95_ms,
  quantileExactWeighted(0.95)(downstream_ms, 1) AS downstream_p95_ms,
  quantileExactWeighted(0.95)(total_ms, 1) AS total_p95_ms,
  count() AS journeys
FROM journeys
GROUP BY day
ORDER BY day`,
  },
  {
    question: 'Which share of mail passed each segment in under 1, 5 and 10 minutes?',
    sql: `SELECT segment, sum(count) AS mails,
  round(sum(under_1min) / mails, 4) AS share_under_1min,
  round(sum(under_5min) / mails, 4) AS share_under_5min,
  round(sum(under_10min) / mails, 4) AS share_under_10min
FROM delays_hourly
GROUP BY segment
ORDER BY segment`,
  },
  {
    question: 'Which MTAs after HES are slowest?',
    sql: `SELECT mta, count() AS hops,
  quantileExactWeighted(0.5)(dwell, 1) AS p50_ms,
  quantileExactWeighted(0.95)(dwell, 1) AS p95_ms,
  max(dwell) AS max_ms,
  sum(hop_deferrals) AS deferrals
FROM (
  SELECT mta, max(dwell_ms) AS dwell, max(deferrals) AS hop_deferrals
  FROM hops
  WHERE segment = 'downstream' AND dwell_ms IS NOT NULL
  GROUP BY mta, hop_id
)
GROUP BY mta
ORDER BY p95_ms DESC, mta`,
  },
  {
    question: 'Which causes have the largest share of all delay?',
    sql: `SELECT verdict, count() AS mails, sum(total_ms) AS delay_ms,
  round(delay_ms / sum(delay_ms) OVER (), 4) AS share_of_delay
FROM journeys
WHERE total_ms IS NOT NULL AND verdict IS NOT NULL
GROUP BY verdict
ORDER BY delay_ms DESC, verdict`,
  },
  {
    question: 'For how much of the mail can figures be computed, day by day?',
    sql: `SELECT day, journeys, via_hes, matched_downstream, with_total_ms,
  round(with_total_ms / via_hes, 4) AS coverage, in_flight
FROM coverage_daily
WHERE via_hes > 0
ORDER BY day`,
  },
  {
    question: 'Which mails took longest, and where did they wait?',
    sql: `SELECT message_id, recipient, total_ms, hes_ms, downstream_ms, slowest_hop_mta, verdict
FROM journeys
WHERE total_ms IS NOT NULL
ORDER BY total_ms DESC, message_id
LIMIT 10`,
  },
  {
    question: 'Which replies made HES wait, or an MTA defer?',
    sql: `SELECT mta, enhanced_status, any(smtp_reply) AS example, uniqExact(event_id) AS replies
FROM trace_events
WHERE kind = 'deferred'
GROUP BY mta, enhanced_status
ORDER BY replies DESC, mta, enhanced_status
LIMIT 20`,
  },
  {
    question: 'Whose clocks differ, and by how much?',
    sql: `SELECT from_mta, to_mta, sum(transfers) AS mails,
  quantileExactWeighted(0.5)(offset_ms, transfers) AS typical_offset_ms,
  min(offset_ms) AS smallest_ms, max(offset_ms) AS largest_ms
FROM clock_offsets
GROUP BY from_mta, to_mta
ORDER BY abs(typical_offset_ms) DESC, from_mta, to_mta`,
  },
  {
    question: 'What was not understood, and in which files?',
    sql: `SELECT source, reason, file, count() AS records
FROM rejected_records
GROUP BY source, reason, file
ORDER BY records DESC, file, reason`,
  },
];

/** The examples as a text that a shell or a client takes. */
export function examplesText(): string {
  return SQL_EXAMPLES.map(({ question, sql }) => `-- ${question}\n${sql};\n`).join('\n');
}
