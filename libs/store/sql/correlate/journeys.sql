-- Legs (and the paths that link them) → journeys: the numbers of delay model §3, one row per (message, final recipient).
-- Level by level, each on the columns of the one below: an alias built on aliases would be analysed again at every use.
INSERT INTO hoptime_store.stage_journeys
SELECT
    journey_id,
    arrayFirst(x -> x != '', arrayPushBack(hops.message_key, '')) AS message_key,
    arrayFirst(x -> x != '', arrayPushBack(hops.message_id, '')) AS message_id,
    final_recipient, first_recipient, from_address,
    if(hes_at > 0, hops.direction[hes_at], 0) AS direction,
    end_state, via,
    multiIf(
        via = 'no', 'not_via_hes',
        end_state NOT IN ('complete', 'relayed') OR processing_ms IS NULL OR behind_ms IS NULL, '',
        worst_ms <= {threshold_ms:Int64}, 'none',
        processing_ms = worst_ms, 'hes_processing',
        waiting_ms = worst_ms, 'hes_waiting_on_downstream',
        behind_ms = worst_ms, concat('downstream:', slowest_mta),
        'upstream') AS verdict,
    fromUnixTimestamp64Milli(coalesce(hes_in_ms, arrayMin(hops.begun_ms)), 'UTC') AS first_event_at,
    fromUnixTimestamp64Milli(hes_in_ms, 'UTC'),
    fromUnixTimestamp64Milli(attempt_ms, 'UTC'),
    fromUnixTimestamp64Milli(released_ms, 'UTC'),
    released_by,
    if(end_state = 'complete', fromUnixTimestamp64Milli(final_ended_ms, 'UTC'), NULL),
    held_ms, processing_ms, waiting_ms, hes_quarantine_ms, behind_ms, held_ms + behind_ms, before_ms,
    toUInt32(last_at - before_at),
    slowest_mta,
    if(slowest_ms >= 0, slowest_ms, NULL),
    toUInt32(arraySum(arraySlice(hops.deferrals, before_at + 1))) AS deferrals,
    ['', 'message_id', 'queue_id', 'queued_as', 'orig_to', 'sole_recipient'][matched + 1] AS matched_by,
    -- behind the last @: a local part may be quoted, and have one in it (RFC 5321 §4.1.2)
    arrayPopFront(splitByChar('@', final_recipient))[-1], arrayPopFront(splitByChar('@', from_address))[-1],
    if(deferrals > 0 OR ifNull(waiting_ms, 1) != 0, arraySort(arrayDistinct(arrayFlatten(hops.replies))), []) AS replies,
    hops.leg_id, hops.group_hash,
    arrayMap(i -> multiIf(i = hes_at, 'hes', i <= before_at, 'upstream', 'downstream'), arrayEnumerate(dwells)),
    hops.mta, hops.product, hops.queue_id, hops.begun_ms,
    arrayMap(r -> ifNull(r, -1), hops.received_ms),
    arrayMap((o, e, i) -> if(i = hes_at, ifNull(released_ms, -1), if(o IN ('relayed', 'delivered'), ifNull(e, -1), -1)),
        hops.outcome, hops.ended_ms, arrayEnumerate(dwells)),
    arrayMap((d, i) -> if(i = hes_at, ifNull(held_ms, -1), d), dwells, arrayEnumerate(dwells)),
    -- into this hop: from the release of HES, or from the end of the hop before
    arrayMap((r, before, i) -> if(i = 1 AND NOT (hes_at = 0 AND via = 'yes'), NULL, r - if(i = hes_at + 1 AND released_ms IS NOT NULL, released_ms, before)),
        hops.received_ms, arrayPushFront(arrayPopBack(hops.ended_ms), NULL), arrayEnumerate(dwells)),
    hops.deferrals, hops.outcome,
    -- a mailbox is the end: what its server answers is no queue id of another MTA
    arrayMap((n, o) -> if(o = 'delivered', '', n), hops.next_mta, hops.outcome),
    arrayMap((n, o) -> if(o = 'delivered', '', n), hops.next_queue_id, hops.outcome),
    hops.delay_ms, hops.before_queue_ms, hops.in_queue_ms,
    hops.connect_ms, hops.transmit_ms, hops.smtp_reply, hops.last_ms
FROM
(
    SELECT
        *,
        greatest(ifNull(processing_ms, -1), ifNull(waiting_ms, -1), ifNull(behind_ms, -1), ifNull(before_ms, -1)) AS worst_ms,
        if(slowest_ms >= 0, hops.mta[indexOf(counted, slowest_ms)], '') AS slowest_mta
    FROM
    (
        SELECT
            *,
            released_ms - hes_in_ms AS held_ms,
            -- the split of an unknown time is unknown
            if(hes_in_ms IS NULL, NULL, released_ms - attempt_ms) AS waiting_ms,
            if(released_ms IS NULL, NULL, attempt_ms - hes_in_ms) AS processing_ms,
            if(has_downstream AND end_state IN ('complete', 'relayed'), final_ended_ms - released_ms, NULL) AS behind_ms,
            arrayMap((d, i) -> if(i <= before_at, -1, d), dwells, arrayEnumerate(dwells)) AS counted,
            arrayMax(counted) AS slowest_ms
        FROM
        (
            SELECT
                *,
                arrayFilter(t -> t >= hes_in_ms AND t <= ifNull(released_ms, t), refused_ms) AS refusals,
                -- the first failed attempt as HES tells it, else as the next MTA does, else the release itself
                coalesce(hes_first_deferred_ms, if(empty(refusals), NULL, refusals[1]), released_ms) AS tried_ms,
                if(tried_ms > released_ms, released_ms, tried_ms) AS attempt_ms
            FROM
            (
                SELECT
                    *,
                    -- when HES let go: what its record says, else when the next MTA took the message, else the trace header
                    multiIf(
                        hes_tracked, hes_ended_ms,
                        may_infer_release, taken_ms,
                        hes_at > 0 AND hes_outcome = 'relayed', hes_header_ended_ms,
                        NULL) AS released_ms,
                    multiIf(
                        released_ms IS NULL, '',
                        hes_tracked, 'tracking',
                        may_infer_release AND taken_product != 'trace-headers', 'next_hop',
                        'trace_header') AS released_by
                FROM
                (
                    SELECT
                        *,
                        multiIf(hes_at > 0 OR first_client = 'hes', 'yes', first_client IN ('foreign', 'unnamed', 'pickup'), 'no', 'unknown') AS via,
                        multiIf(final_outcome = 'delivered', 'complete', final_outcome IN ('received', 'deferred', 'released'), 'in_flight', final_outcome) AS end_state,
                        last_at > hes_at AS has_downstream,
                        hes_at > 0 AND hes_outcome = 'relayed' AND hes_ended_ms IS NOT NULL AS hes_tracked,
                        has_downstream AND via = 'yes' AND hes_outcome IN ('', 'relayed', 'deferred', 'received', 'released') AS may_infer_release,
                        if(hes_at > 1, hes_in_ms - hops.received_ms[1], NULL) AS before_ms
                    FROM
                    (
                        SELECT
                            j.journey_id AS journey_id, j.matched AS matched, j.hops AS hops, r.times_ms AS refused_ms,
                            -- position of the HES hop, 0 when no record and no header tells of it; the hops behind it are downstream
                            toUInt32(indexOf(hops.is_hes, 1)) AS hes_at,
                            toUInt32(length(hops.is_hes)) AS last_at,
                            -- how many hops are not the fleet's: up to HES; without HES, those that only a trace header tells of before the first log does
                            if(hes_at > 0, hes_at, toUInt32(greatest(1, arrayFirstIndex(p -> p != 'trace-headers', hops.product)) - 1)) AS before_at,
                            hops.outcome[hes_at] AS hes_outcome,
                            if(hes_at = 0, NULL, hops.received_ms[hes_at]) AS hes_in_ms,
                            if(hes_at = 0, NULL, hops.ended_ms[hes_at]) AS hes_ended_ms,
                            if(hes_at = 0, NULL, hops.header_ended_ms[hes_at]) AS hes_header_ended_ms,
                            if(hes_at = 0, NULL, hops.first_deferred_ms[hes_at]) AS hes_first_deferred_ms,
                            if(hes_at = 0, NULL, hops.quarantine_ms[hes_at]) AS hes_quarantine_ms,
                            hops.outcome[last_at] AS final_outcome,
                            hops.ended_ms[last_at] AS final_ended_ms,
                            hops.client[1] AS first_client,
                            hops.received_ms[hes_at + 1] AS taken_ms,
                            hops.product[hes_at + 1] AS taken_product,
                            arrayMap((o, e, r) -> if(o IN ('relayed', 'delivered'), ifNull(e - r, -1), -1), hops.outcome, hops.ended_ms, hops.received_ms) AS dwells,
                            arrayFirst(x -> x != '', arrayReverse(arrayPushFront(hops.recipient, ''))) AS final_recipient,
                            if(hes_at > 0 AND hops.recipient[hes_at] != '', hops.recipient[hes_at],
                                arrayFirst(x -> x != '', [hops.original_recipient[1], hops.recipient[1], final_recipient])) AS first_recipient,
                            arrayFirst(x -> x != '', arrayPushBack(hops.sender, '')) AS from_address
                        FROM
                        (
                            WITH legs AS
                            (
                                SELECT
                                    if(k.root_hash = 0, l.key_hash, k.root_hash) AS root_hash, l.leg_id AS leg_id,
                                    CAST((leg_id, group_hash, is_hes, mta, product, queue_id, begun_ms, received_ms, ended_ms, header_ended_ms, first_deferred_ms,
                                    quarantine_ms, outcome, client, next_mta, next_queue_id, message_id, message_key, sender, recipient, original_recipient,
                                    deferrals, direction, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply, last_ms, replies),
                                    'Tuple(leg_id UInt64, group_hash UInt64, is_hes UInt8, mta String, product String, queue_id String, begun_ms Int64,
                                    received_ms Nullable(Int64), ended_ms Nullable(Int64), header_ended_ms Nullable(Int64), first_deferred_ms Nullable(Int64),
                                    quarantine_ms Nullable(Int64), outcome String, client String, next_mta String, next_queue_id String, message_id String,
                                    message_key String, sender String, recipient String, original_recipient String, deferrals UInt32, direction Int8, delay_ms Int64,
                                    before_queue_ms Int64, in_queue_ms Int64, connect_ms Int64, transmit_ms Int64, smtp_reply String, last_ms Int64, replies Array(String))') AS leg
                                FROM
                                (
                                    SELECT * FROM hoptime_store.stage_legs
                                    WHERE (key_hash >= {from:UInt64} AND key_hash <= {to:UInt64})
                                        OR key_hash IN (SELECT key_hash FROM hoptime_store.stage_rekeys WHERE root_hash >= {from:UInt64} AND root_hash <= {to:UInt64})
                                ) AS l
                                LEFT JOIN hoptime_store.stage_rekeys AS k USING (key_hash)
                                WHERE root_hash >= {from:UInt64} AND root_hash <= {to:UInt64}
                            )
                            SELECT leg_id AS journey_id, toUInt8(0) AS matched, [leg] AS hops
                            FROM legs
                            WHERE leg_id NOT IN (SELECT leg_id FROM hoptime_store.stage_paths WHERE slice = {slice:UInt32})
                            UNION ALL
                            SELECT journey_id, max(matched), arrayMap(x -> x.2, arraySort(x -> x.1, groupArray((position, hop)))) AS hops
                            FROM
                            (
                                SELECT
                                    journey_id, position, max(p.matched_by) AS matched,
                                    arraySort(x -> x.1, groupArray((part, leg))) AS parts,
                                    CAST((parts[1].2.leg_id, parts[1].2.group_hash, parts[1].2.is_hes, parts[1].2.mta, parts[1].2.product, parts[1].2.queue_id,
                                        parts[1].2.begun_ms, parts[1].2.received_ms, parts[-1].2.ended_ms, parts[1].2.header_ended_ms, parts[1].2.first_deferred_ms,
                                        parts[1].2.quarantine_ms, parts[-1].2.outcome, parts[1].2.client, parts[-1].2.next_mta, parts[-1].2.next_queue_id,
                                        arrayFirst(m -> m != '', arrayPushBack(arrayMap(p -> p.2.message_id, parts), '')), parts[1].2.message_key, parts[1].2.sender,
                                        arrayFirst(r -> r != '', arrayPushBack(arrayMap(p -> p.2.recipient, arrayReverse(parts)), '')),
                                        -- what the first queue id was for, where the second one's is an alias of it
                                        arrayFirst(r -> r != '', [parts[1].2.original_recipient, parts[1].2.recipient, '']), toUInt32(arraySum(p -> p.2.deferrals, parts)), parts[1].2.direction,
                                        parts[-1].2.delay_ms, parts[1].2.before_queue_ms, parts[-1].2.in_queue_ms, parts[-1].2.connect_ms, parts[-1].2.transmit_ms,
                                        parts[-1].2.smtp_reply, arrayMax(p -> p.2.last_ms, parts), arrayFlatten(arrayMap(p -> p.2.replies, parts))),
                                    'Tuple(leg_id UInt64, group_hash UInt64, is_hes UInt8, mta String, product String, queue_id String, begun_ms Int64,
                                    received_ms Nullable(Int64), ended_ms Nullable(Int64), header_ended_ms Nullable(Int64), first_deferred_ms Nullable(Int64),
                                    quarantine_ms Nullable(Int64), outcome String, client String, next_mta String, next_queue_id String, message_id String,
                                    message_key String, sender String, recipient String, original_recipient String, deferrals UInt32, direction Int8, delay_ms Int64,
                                    before_queue_ms Int64, in_queue_ms Int64, connect_ms Int64, transmit_ms Int64, smtp_reply String, last_ms Int64, replies Array(String))') AS hop
                                FROM legs
                                INNER JOIN hoptime_store.stage_paths AS p USING (leg_id)
                                WHERE p.slice = {slice:UInt32} AND journey_id != 0
                                GROUP BY journey_id, position
                            )
                            GROUP BY journey_id
                        ) AS j
                        LEFT JOIN hoptime_store.stage_refusals AS r
                            ON r.sender = j.hops.sender[toUInt32(indexOf(j.hops.is_hes, 1))] AND r.recipient = j.hops.recipient[toUInt32(indexOf(j.hops.is_hes, 1))]
                    )
                )
            )
        )
    )
)
-- The analyser's search for chains of comparisons hashes this tree of aliases again and again: two thirds of the time of its analysis.
SETTINGS max_threads = 1, query_plan_enable_optimizations = {plan_optimized:UInt8}, join_use_nulls = 0, max_partitions_per_insert_block = 0, optimize_and_compare_chain = 0
