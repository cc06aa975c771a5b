-- What journeys add to `property_histograms`, or take away (`sign` -1): each of their durations among all, by both domains, and by each of their replies; hops after HES, each once per
-- hour, however many journeys share it; links of neighbouring MTAs, HES first ('' follows the last one); and crossings: journeys that begin in another hour than
-- their first hop. Of two that share a hop and are no crossings the hour is the same (the begin of a journey is when HES took it, else the earliest begin of its
-- hops, and journeys that share a hop share all before it). One statement, since planning it takes longer than running it over what live input touches.
INSERT INTO hoptime_store.property_histograms
SELECT
    property, value, detail, segment, span, begins,
    sum(added) AS count,
    sumIf(added, bucket != -32768) AS known,
    sum(added_ms) AS sum_ms,
    sum(below_1_min) AS under_1_min,
    sum(below_5_min) AS under_5_min,
    sum(below_10_min) AS under_10_min,
    sum(added_deferrals) AS deferrals,
    (arraySort(groupArrayIf((bucket, added, added_ms), bucket != -32768)) AS histogram).1 AS buckets,
    histogram.2 AS counts,
    histogram.3 AS sums_ms
FROM
(
    SELECT
        place.1 AS property, place.2 AS value, detail, if(kind = 0, 5, kind) AS segment, place.3 AS span, place.4 AS begins,
        bucket, sum(sign) AS added, sum(sign * ms) AS added_ms, sum(sign * hop_deferrals) AS added_deferrals,
        sum(sign * (ms < 60000)) AS below_1_min, sum(sign * (ms < 300000)) AS below_5_min, sum(sign * (ms < 600000)) AS below_10_min
    FROM
    (
        SELECT
            sign, name, detail, by_day, kind, hour, hop_deferrals,
            ifNull(duration_ms, 0) AS ms,
            -- 2^32 ms are 50 days: what takes longer is counted there
            least(abs(ms), 4294967295) AS size,
            toInt64(floor(log2(greatest(size, 1)))) AS octave,
            intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part,
            toInt16(multiIf(duration_ms IS NULL, -32768, ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket
        FROM
        (
            SELECT
                sign, '' AS name, '' AS detail,
                arrayConcat([(toInt8(2), toString(recipient_domain)), (toInt8(3), toString(sender_domain))], arrayMap(reply -> (toInt8(7), toString(reply)), replies)) AS by_day,
                segment_number AS kind, toStartOfHour(first_event_at) AS hour,
                duration_ms, toInt64(0) AS hop_deferrals
            FROM hoptime_store.added_journeys
            ARRAY JOIN
                [toInt8(1), 2, 3, 4, 5] AS segment_number,
                [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
            WHERE duration_ms IS NOT NULL
            UNION ALL
            SELECT
                sign, toString(mta), toString(max(hop_product)), [], toInt8(6), toStartOfHour(first_event_at) AS hour,
                max(if(received_ms < 0 OR relayed_ms < 0, NULL, hop_dwell_ms)), toInt64(max(hop_deferral))
            FROM hoptime_store.added_journeys
            ARRAY JOIN
                hops.leg_id AS leg_id,
                hops.segment AS hop_segment,
                hops.mta AS mta,
                hops.product AS hop_product,
                hops.received_ms AS received_ms,
                hops.relayed_ms AS relayed_ms,
                hops.dwell_ms AS hop_dwell_ms,
                hops.deferrals AS hop_deferral
            WHERE hop_segment = 'downstream'
            GROUP BY mta, leg_id, hour, sign
            UNION ALL
            SELECT sign, link.1, link.2, [], toInt8(7), toStartOfHour(first_event_at), link.3, toInt64(0)
            FROM
            (
                SELECT
                    sign, first_event_at,
                    arrayFilter((m, s) -> s = 'downstream', arrayMap(m -> toString(m), hops.mta), hops.segment) AS mtas,
                    arrayFilter((t, s) -> s = 'downstream', hops.transfer_ms, hops.segment) AS transfers,
                    arrayJoin(arrayZip(
                        arrayPushFront(mtas, if(via_hes = 'yes', 'hes', '')),
                        arrayPushBack(mtas, ''),
                        arrayPushBack(transfers, CAST(NULL, 'Nullable(Int64)')))) AS link
                FROM hoptime_store.added_journeys
            )
            WHERE link.1 != ''
            UNION ALL
            SELECT sign, '', '', [], toInt8(0), toStartOfHour(first_event_at), 0, toInt64(0)
            FROM hoptime_store.added_journeys
            WHERE hes_received_at IS NULL AND intDiv(arrayMin(hops.begun_ms), 3600000) != intDiv(hops.begun_ms[1], 3600000)
        )
    )
    -- (property, value, span, begin): property and span by their numbers, as `kind` is the number of a segment, and 0 of a crossing
    ARRAY JOIN multiIf(
        kind = 0, [(toInt8(6), name, toInt8(2), toStartOfDay(hour))],
        kind > 5, [(toInt8(kind - 2), name, toInt8(1), hour), (toInt8(kind - 2), name, toInt8(2), toStartOfDay(hour))],
        arrayConcat([(toInt8(1), '', toInt8(1), hour), (toInt8(1), '', toInt8(2), toStartOfDay(hour))], arrayMap(own -> (own.1, own.2, toInt8(2), toStartOfDay(hour)), by_day))) AS place
    GROUP BY property, value, detail, segment, span, begins, bucket
    HAVING (added, added_ms, added_deferrals, below_1_min, below_5_min, below_10_min) != (0, 0, 0, 0, 0, 0)
)
GROUP BY property, value, detail, segment, span, begins
SETTINGS max_partitions_per_insert_block = 0, max_threads = {threads:UInt8}, query_plan_enable_optimizations = {plan_optimized:UInt8}
