-- A clause of a service level agreement over one period: one value per (message, original recipient, reception by HES), whatever lists made of it later. What has
-- no value is counted by reason; in_flight and not_matched might still have had any value, so they bound the figure: best as 0 ms, worst as the slowest.
WITH
    arraySort(groupArrayIf(assumeNotNull(value_ms), left_out = '')) AS sorted,
    length(sorted) AS n,
    countIf(left_out IN ('in_flight', 'not_matched')) AS unknown,
    -- the fastest share, rounded up to whole mails; a hair less, so that 0.95 · 20 is 19
    toUInt64(ceil(n * {fastest:Float64} - 1e-9)) AS taken,
    toUInt64(ceil((n + unknown) * {fastest:Float64} - 1e-9)) AS taken_of_all,
    toUInt64(ceil(taken * {level:Float64} - 1e-9)) AS rank,
    toUInt64(ceil(taken_of_all * {level:Float64} - 1e-9)) AS rank_of_all,
    toUInt64(greatest(0, toInt64(taken_of_all) - toInt64(unknown))) AS taken_best,
    arraySlice(sorted, 1, taken) AS measured
SELECT
    n AS counted,
    taken,
    arraySum(measured) AS sum_ms,
    sorted[rank] AS percentile_ms,
    arrayCount(v -> v < {under_ms:Int64}, measured) AS under,
    unknown,
    taken_of_all,
    arraySum(arraySlice(sorted, 1, taken_best)) AS best_sum_ms,
    if(rank_of_all <= unknown, 0, sorted[rank_of_all - unknown]) AS best_percentile_ms,
    least(unknown, taken_of_all) + arrayCount(v -> v < {under_ms:Int64}, arraySlice(sorted, 1, taken_best)) AS best_under,
    -- without a bound where a mail without value is among those measured
    taken_of_all <= n AS worst_is_bounded,
    arraySum(arraySlice(sorted, 1, least(taken_of_all, n))) AS worst_sum_ms,
    if(rank_of_all <= n AND rank_of_all > 0, sorted[rank_of_all], NULL) AS worst_percentile_ms,
    arrayCount(v -> v < {under_ms:Int64}, arraySlice(sorted, 1, least(taken_of_all, n))) AS worst_under,
    sumMapIf(map(left_out, toUInt64(1)), left_out != '') AS left_out_counts
FROM
(
    SELECT
        max(duration_ms) AS longest_ms,
        longest_ms
            - if({without_quarantine:UInt8} = 1, ifNull(max(hes_quarantine_ms), 0), 0)
            - if({without_waiting:UInt8} = 1, ifNull(max(hes_waiting_ms), 0), 0) AS value_ms,
        multiIf(
            any(via_hes) != 'yes', if(any(via_hes) = 'no', 'not_via_hes', 'origin_unknown'),
            {direction_wanted:String} != '' AND ifNull(any(direction), '') != {direction_wanted:String}, 'other_direction',
            max(has({without_recipient_domains:Array(String)}, ifNull(recipient_domain, '')) OR has({without_sender_domains:Array(String)}, ifNull(sender_domain, ''))), 'domain',
            max(arrayExists((a, b) -> first_event_at >= a AND first_event_at < b, {windows_from:Array(DateTime64(3, 'UTC'))}, {windows_to:Array(DateTime64(3, 'UTC'))})), 'maintenance',
            max(is_large), 'size',
            longest_ms IS NOT NULL, '',
            min(state IN ('bounced', 'rejected', 'expired', 'quarantined', 'deleted')), 'not_delivered',
            max(state = 'in_flight'), 'in_flight',
            'not_matched') AS left_out
    FROM
    (
        SELECT
            *,
            {duration:Identifier} AS duration_ms,
            {larger_than_bytes:Int64} >= 0 AND journey_id IN
            (
                SELECT leftPad(lower(hex(journey_id)), 16, '0')
                FROM hoptime_store.journeys
                ARRAY JOIN hops.group_hash AS hop_group
                WHERE {larger_than_bytes:Int64} >= 0
                    AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
                    AND hop_group IN (SELECT group_hash FROM hoptime_store.trace_events WHERE {larger_than_bytes:Int64} >= 0 AND size_bytes > {larger_than_bytes:Int64})
            ) AS is_large
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
              FROM hoptime.hops
              WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')} AND has({mta:Array(String)}, mta)
            )
          )
    )
    GROUP BY
        if(hes_received_at IS NULL, journey_id, ''),
        message_key, original_recipient, hes_received_at
)
