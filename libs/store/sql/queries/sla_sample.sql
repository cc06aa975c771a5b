-- Clauses of a service level agreement that measure one sample over one period: one value per (message, original recipient, reception by HES), whatever lists made of
-- it later. What has no value is counted by reason; in_flight and not_matched might still have had any value, so they bound the figure: best as 0 ms, worst as the
-- slowest. A row per clause, whose trimming, level and limit stand at the same place of three arrays.
WITH
matching AS
(
    SELECT
        {duration:Identifier} AS duration_ms, hes_quarantine_ms, hes_waiting_ms, hes_received_at IS NOT NULL AS is_from_hes,
        -- equal where lists may have made several journeys of one mail: of what came through HES the first event is its reception there, as HES's clock says it
        cityHash64(message_key, ifNull(original_recipient, ''), first_event_at) AS mail,
        -- what speaks for each of the reasons below, a bit each
        bitOr(
            multiIf(
                via_hes = 'no', 1,
                via_hes != 'yes', 2,
                {direction_wanted:String} != '' AND ifNull(direction, '') != {direction_wanted:String}, 4,
                0)
            + 8 * (has({without_recipient_domains:Array(String)}, ifNull(recipient_domain, '')) OR has({without_sender_domains:Array(String)}, ifNull(sender_domain, '')))
            + 16 * arrayExists((a, b) -> first_event_at >= a AND first_event_at < b, {windows_from:Array(DateTime64(3, 'UTC'))}, {windows_to:Array(DateTime64(3, 'UTC'))})
            + 32 * (
                {larger_than_bytes:Int64} >= 0 AND journey_id IN
                (
                    SELECT leftPad(lower(hex(journey_id)), 16, '0')
                    FROM hoptime_store.journeys AS any_clock
                    ARRAY JOIN hops.group_hash AS hop_group
                    WHERE {larger_than_bytes:Int64} >= 0
                        AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
                        AND hop_group IN (SELECT group_hash FROM hoptime_store.trace_events WHERE {larger_than_bytes:Int64} >= 0 AND size_bytes > {larger_than_bytes:Int64})
                )),
            64 * (state NOT IN ('bounced', 'rejected', 'expired', 'quarantined', 'deleted')) + 128 * (state = 'in_flight')) AS signs
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
),
-- from the table: of what no filter lets through, and of mail of another origin, a few too many do no harm
shared AS
(
    SELECT cityHash64(message_key, original_recipient, first_event_at) AS mail
    FROM hoptime_store.journeys AS any_clock
    WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
    GROUP BY mail
    HAVING count() > 1
),
mails AS
(
    -- few mails are several journeys: by mail these are grouped only, all others by their value
    SELECT
        if(is_shared, mail, 0) AS shared_mail,
        if(is_shared, 0, signs) AS own_signs,
        if(is_shared, NULL, duration_ms - if({without_quarantine:UInt8} = 1, ifNull(hes_quarantine_ms, 0), 0) - if({without_waiting:UInt8} = 1, ifNull(hes_waiting_ms, 0), 0)) AS own_ms,
        groupBitOr(signs) AS signs_of_all,
        if(
            is_shared,
            max(duration_ms) - if({without_quarantine:UInt8} = 1, ifNull(max(hes_quarantine_ms), 0), 0) - if({without_waiting:UInt8} = 1, ifNull(max(hes_waiting_ms), 0), 0),
            own_ms) AS value_ms,
        multiIf(
            bitAnd(signs_of_all, 1) != 0, 'not_via_hes',
            bitAnd(signs_of_all, 2) != 0, 'origin_unknown',
            bitAnd(signs_of_all, 4) != 0, 'other_direction',
            bitAnd(signs_of_all, 8) != 0, 'domain',
            bitAnd(signs_of_all, 16) != 0, 'maintenance',
            bitAnd(signs_of_all, 32) != 0, 'size',
            value_ms IS NOT NULL, '',
            bitAnd(signs_of_all, 64) = 0, 'not_delivered',
            bitAnd(signs_of_all, 128) != 0, 'in_flight',
            'not_matched') AS left_out,
        if(is_shared, 1, count()) AS mails
    FROM (SELECT *, is_from_hes AND mail IN shared AS is_shared FROM matching)
    GROUP BY is_shared, shared_mail, own_signs, own_ms
),
sample AS
(
    SELECT left_out, if(left_out = '', assumeNotNull(value_ms), 0) AS value, toInt64(sum(mails)) AS mails
    FROM mails
    GROUP BY left_out, value
),
-- the values in order, how many mails have each, and how many have it or less
sorted AS
(
    SELECT
        arraySort(groupArrayIf((value, mails), left_out = '')) AS steps,
        steps.1 AS v,
        steps.2 AS m,
        arrayCumSum(m) AS upto,
        sumIf(mails, left_out = '') AS n,
        sumIf(mails, left_out IN ('in_flight', 'not_matched')) AS unknown,
        sumMapIf(map(left_out, mails), left_out != '') AS left_out_counts
    FROM sample
)
SELECT
    n AS counted,
    -- the fastest share, rounded up to whole mails; a hair less, so that 0.95 · 20 is 19
    toInt64(ceil(n * fastest - 1e-9)) AS taken,
    toInt64(ceil((n + unknown) * fastest - 1e-9)) AS taken_of_all,
    toInt64(ceil(taken * level - 1e-9)) AS rank,
    toInt64(ceil(taken_of_all * level - 1e-9)) AS rank_of_all,
    greatest(0, taken_of_all - unknown) AS taken_best,
    least(taken_of_all, n) AS taken_worst,
    arraySum((a, b, c) -> a * least(b, greatest(0, taken - c + b)), v, m, upto) AS sum_ms,
    v[arrayFirstIndex(c -> c >= rank, upto)] AS percentile_ms,
    arraySum((a, b) -> if(a < under_ms, b, 0), v, m) AS under_of_all,
    least(taken, under_of_all) AS under,
    unknown,
    arraySum((a, b, c) -> a * least(b, greatest(0, taken_best - c + b)), v, m, upto) AS best_sum_ms,
    if(rank_of_all <= unknown, 0, v[arrayFirstIndex(c -> c >= rank_of_all - unknown, upto)]) AS best_percentile_ms,
    least(unknown, taken_of_all) + least(taken_best, under_of_all) AS best_under,
    -- without a bound where a mail without value is among those measured
    taken_of_all <= n AS worst_is_bounded,
    arraySum((a, b, c) -> a * least(b, greatest(0, taken_worst - c + b)), v, m, upto) AS worst_sum_ms,
    if(rank_of_all <= n AND rank_of_all > 0, v[arrayFirstIndex(c -> c >= rank_of_all, upto)], NULL) AS worst_percentile_ms,
    least(taken_worst, under_of_all) AS worst_under,
    left_out_counts
FROM sorted
ARRAY JOIN {fastest:Array(Float64)} AS fastest, {level:Array(Float64)} AS level, {under_ms:Array(Int64)} AS under_ms, arrayEnumerate({level:Array(Float64)}) AS place
ORDER BY place
-- what grows with the journeys lies on disk from here on
SETTINGS max_bytes_before_external_group_by = 200000000
