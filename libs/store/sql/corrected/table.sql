-- The rows of hoptime_store.journeys with every stamp put right: minus the lead of the clock that made it over the reference clock (delay model §5). A lead holds from its
-- key on; a key is the place of the MTA in clock_hosts · 2^43 + epoch ms by that MTA's own clock. Who cannot be put right keeps raw figures: clock_status tells
-- corrected, not_correctable, or one_clock where all figures are differences on one clock (or there are none).
-- The time of a first attempt is HES's own where it is a whole second, as HES's stamps are, else that of the MTA after it, which refused.
WITH
    (SELECT {clock_hosts:Array(String)}) AS clock_hosts, (SELECT {clock_keys:Array(Int64)}) AS clock_keys, (SELECT {clock_leads:Array(Int64)}) AS clock_leads
SELECT
    journey_id, message_key, message_id, recipient, original_recipient, sender, direction, state, via_hes,
    multiIf(
        via_hes = 'no', 'not_via_hes',
        state NOT IN ('complete', 'relayed') OR right_processing_ms IS NULL OR right_downstream_ms IS NULL, '',
        worst_ms <= threshold_ms, 'none',
        right_processing_ms = worst_ms, 'hes_processing',
        right_waiting_ms = worst_ms, 'hes_waiting_on_downstream',
        right_downstream_ms = worst_ms, concat('downstream:', right_slowest_mta),
        'upstream') AS verdict,
    first_event_at,
    hes_received_at - toIntervalMillisecond(if(applies, in_lead, 0)) AS hes_received_at,
    hes_first_attempt_at - toIntervalMillisecond(if(applies, attempt_lead, 0)) AS hes_first_attempt_at,
    hes_released_at - toIntervalMillisecond(if(applies, release_lead, 0)) AS hes_released_at,
    released_by,
    delivered_at - toIntervalMillisecond(if(applies, end_lead, 0)) AS delivered_at,
    right_hes_ms AS hes_ms, right_processing_ms AS hes_processing_ms, right_waiting_ms AS hes_waiting_ms, hes_quarantine_ms,
    right_downstream_ms AS downstream_ms, right_hes_ms + right_downstream_ms AS total_ms, upstream_ms, hop_count,
    right_slowest_mta AS slowest_hop_mta, if(empty(right_slowest_mta), NULL, right_slowest_ms) AS slowest_hop_ms,
    deferrals, matched_by, recipient_domain, sender_domain,
    hops.leg_id AS `hops.leg_id`, hops.group_hash AS `hops.group_hash`, hops.segment AS `hops.segment`, hops.mta AS `hops.mta`, hops.product AS `hops.product`,
    hops.queue_id AS `hops.queue_id`, hops.begun_ms AS `hops.begun_ms`,
    arrayMap((t, lead) -> if(t < 0, t, t - lead), hops.received_ms, start_leads) AS `hops.received_ms`,
    arrayMap((t, lead) -> if(t < 0, t, t - lead), hops.relayed_ms, end_leads) AS `hops.relayed_ms`,
    right_dwells_ms AS `hops.dwell_ms`,
    arrayMap((t, lead, before, r) -> if(t IS NULL OR r < 0, t, t - lead + before), hops.transfer_ms, start_leads,
        -- into the first hop without a record of HES: both ends are one stamp
        arrayPushFront(arrayPopBack(end_leads), start_leads[1]), hops.received_ms) AS `hops.transfer_ms`,
    hops.deferrals AS `hops.deferrals`, hops.outcome AS `hops.outcome`, hops.next_mta AS `hops.next_mta`, hops.next_queue_id AS `hops.next_queue_id`,
    hops.reported_delay_ms AS `hops.reported_delay_ms`, hops.before_queue_ms AS `hops.before_queue_ms`, hops.in_queue_ms AS `hops.in_queue_ms`,
    hops.connect_ms AS `hops.connect_ms`, hops.transmit_ms AS `hops.transmit_ms`, hops.smtp_reply AS `hops.smtp_reply`, hops.last_ms AS `hops.last_ms`,
    clock_status,
    if(clock_status = 'not_correctable', NULL,
        coalesce(right_hes_ms + right_downstream_ms, right_downstream_ms, right_hes_ms) - raw_ms) AS clock_correction_ms
FROM
(
    SELECT
        *,
        greatest(ifNull(right_processing_ms, -1), ifNull(right_waiting_ms, -1), ifNull(right_downstream_ms, -1), ifNull(upstream_ms, -1)) AS worst_ms,
        arrayMap((d, i) -> if(i <= before_at, -1, d), right_dwells_ms, arrayEnumerate(right_dwells_ms)) AS counted,
        if(empty(counted), -1, arrayMax(counted)) AS right_slowest_ms,
        if(slowest_hop_ms IS NULL, toString(slowest_hop_mta), toString(hops.mta[indexOf(counted, right_slowest_ms)])) AS right_slowest_mta,
        (SELECT ifNull(max(numbers[1]), 60000) FROM hoptime_store.stage_parameters WHERE name = 'verdict_threshold_ms') AS threshold_ms
    FROM
    (
        SELECT
            *,
            multiIf(hes_ms IS NULL AND downstream_ms IS NULL OR is_one_clock, 'one_clock', is_known, 'corrected', 'not_correctable') AS clock_status,
            is_known AS applies,
            coalesce(total_ms, downstream_ms, hes_ms) AS raw_ms,
            if(applies, given_starts, arrayMap(x -> toInt64(0), given_starts)) AS start_leads,
            if(applies, given_ends, arrayMap(x -> toInt64(0), given_ends)) AS end_leads,
            if(hes_at > 0, given_starts[hes_at], 0) AS in_lead,
            if(hes_at > 0, given_ends[hes_at], given_starts[1]) AS release_lead,
            multiIf(hes_at = 0 OR hes_first_attempt_at IS NULL OR hes_first_attempt_at = hes_released_at, release_lead,
                toUnixTimestamp64Milli(assumeNotNull(hes_first_attempt_at)) % 1000 = 0 OR hes_at = last_at, in_lead,
                given_starts[hes_at + 1]) AS attempt_lead,
            given_ends[last_at] AS end_lead,
            hes_ms - if(applies, release_lead - in_lead, 0) AS right_hes_ms,
            hes_processing_ms - if(applies, attempt_lead - in_lead, 0) AS right_processing_ms,
            hes_waiting_ms - if(applies, release_lead - attempt_lead, 0) AS right_waiting_ms,
            downstream_ms - if(applies, end_lead - release_lead, 0) AS right_downstream_ms,
            arrayMap((d, a, b, r, e) -> if(r < 0 OR e < 0, d, d - (b - a)), hops.dwell_ms, start_leads, end_leads, hops.received_ms, hops.relayed_ms) AS right_dwells_ms
        FROM
        (
            SELECT
                *,
                arrayAll(c -> c = clocks[1], arrayConcat(clocks, ends)) AS is_one_clock,
                -- of what lies before HES no figure is made
                is_one_clock OR NOT arrayExists((lead, t, i) -> i > before_hes AND t >= 0 AND lead = {clock_unknown:Int64}, found_starts, hops.received_ms, arrayEnumerate(found_starts))
                    AND NOT arrayExists((lead, t, i) -> i > before_hes AND t >= 0 AND lead = {clock_unknown:Int64}, found_ends, hops.relayed_ms, arrayEnumerate(found_ends)) AS is_known,
                arrayMap(lead -> if(lead = {clock_unknown:Int64}, 0, lead), found_starts) AS given_starts,
                arrayMap(lead -> if(lead = {clock_unknown:Int64}, 0, lead), found_ends) AS given_ends
            FROM
            (
                SELECT
                    *,
                    arrayMap((c, t) -> transform(roundDown(c + greatest(t, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64}), clocks, hops.received_ms) AS found_starts,
                    arrayMap((c, t) -> transform(roundDown(c + greatest(t, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64}), ends, hops.relayed_ms) AS found_ends
                FROM
                (
                    SELECT
                        *,
                        toUInt32(indexOf(hops.segment, 'hes')) AS hes_at,
                        toUInt32(length(hops.segment)) AS last_at,
                        greatest(toInt64(hes_at) - 1, 0) AS before_hes,
                        toUInt32(countEqual(hops.segment, 'upstream')) + if(hes_at > 0, 1, 0) AS before_at,
                        arrayMap(m -> indexOf(clock_hosts, toString(m)) * 8796093022208, hops.mta) AS clocks,
                        -- who reads the clock when a hop ends: itself; the next one where that one's stamp stands in
                        arrayMap((p, s, own, after) -> if(if(s = 'hes', released_by != 'tracking', p = 'trace-headers'), after, own),
                            hops.product, hops.segment, clocks, arrayPushBack(arrayPopFront(clocks), clocks[-1])) AS ends
                    FROM hoptime_store.journeys
                )
            )
        )
    )
)
