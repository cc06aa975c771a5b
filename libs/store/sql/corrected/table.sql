-- The rows of hoptime_store.journeys with every stamp put right: minus the lead of the clock that made it over the reference clock (delay model §5). A lead holds from its
-- key on; a key is the place of the MTA in clock_hosts · 2^43 + epoch ms by that MTA's own clock. Who cannot be put right keeps raw figures: clock_status tells
-- corrected, not_correctable, or one_clock where all figures are differences on one clock (or there are none).
-- The time of a first attempt is HES's own where it is a whole second, as HES's stamps are, else that of the MTA after it, which refused.
WITH
    (SELECT {clock_hosts:Array(String)}) AS clock_hosts, (SELECT {clock_keys:Array(Int64)}) AS clock_keys, (SELECT {clock_leads:Array(Int64)}) AS clock_leads,
    -- looked up once per name of a block, not per row; the last one, for nobody, since no list may be empty
    arrayPushBack(clock_hosts, '') AS host_names, arrayPushBack(arrayMap(i -> toInt64(i), arrayEnumerate(clock_hosts)), toInt64(0)) AS host_numbers
SELECT
    journey_id, message_key, message_id, recipient, original_recipient, sender, direction, state, via_hes,
    multiIf(
        via_hes = 'no', 'not_via_hes',
        state NOT IN ('complete', 'relayed') OR right_processing_ms IS NULL OR right_downstream_ms IS NULL, '',
        worst_ms <= threshold_ms, 'none',
        right_processing_ms = worst_ms, 'hes_processing',
        right_waiting_ms = worst_ms, 'hes_waiting_on_downstream',
        right_downstream_ms = worst_ms, concat('downstream:', toString(slowest_hop_mta)),
        'upstream') AS verdict,
    first_event_at,
    hes_received_at - toIntervalMillisecond(in_lead) AS hes_received_at,
    hes_first_attempt_at - toIntervalMillisecond(attempt_lead) AS hes_first_attempt_at,
    hes_released_at - toIntervalMillisecond(release_lead) AS hes_released_at,
    released_by,
    delivered_at - toIntervalMillisecond(end_lead) AS delivered_at,
    right_hes_ms AS hes_ms, right_processing_ms AS hes_processing_ms, right_waiting_ms AS hes_waiting_ms, hes_quarantine_ms,
    right_downstream_ms AS downstream_ms, right_hes_ms + right_downstream_ms AS total_ms, upstream_ms, hop_count,
    slowest_hop_mta, slowest_hop_ms, deferrals, matched_by, recipient_domain, sender_domain, replies,
    hops.leg_id AS `hops.leg_id`, hops.group_hash AS `hops.group_hash`, hops.segment AS `hops.segment`, hops.mta AS `hops.mta`, hops.product AS `hops.product`,
    hops.queue_id AS `hops.queue_id`, hops.begun_ms AS `hops.begun_ms`,
    arrayMap((t, lead) -> if(t < 0, t, t - lead), hops.received_ms, start_leads) AS `hops.received_ms`,
    arrayMap((t, lead) -> if(t < 0, t, t - lead), hops.relayed_ms, end_leads) AS `hops.relayed_ms`,
    arrayMap((d, a, b, r, e) -> if(r < 0 OR e < 0, d, d - (b - a)), hops.dwell_ms, start_leads, end_leads, received_ms, relayed_ms) AS `hops.dwell_ms`,
    arrayMap((t, lead, before, r) -> if(t IS NULL OR r < 0, t, t - lead + before), hops.transfer_ms, start_leads,
        -- into the first hop without a record of HES: both ends are one stamp
        arrayPushFront(arrayPopBack(end_leads), start_leads[1]), received_ms) AS `hops.transfer_ms`,
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
        hes_ms - (release_lead - in_lead) AS right_hes_ms,
        hes_processing_ms - (attempt_lead - in_lead) AS right_processing_ms,
        hes_waiting_ms - (release_lead - attempt_lead) AS right_waiting_ms,
        downstream_ms - (end_lead - release_lead) AS right_downstream_ms,
        greatest(ifNull(right_processing_ms, -1), ifNull(right_waiting_ms, -1), ifNull(right_downstream_ms, -1), ifNull(upstream_ms, -1)) AS worst_ms,
        (SELECT ifNull(max(numbers[1]), 60000) FROM hoptime_store.stage_parameters WHERE name = 'verdict_threshold_ms') AS threshold_ms
    FROM
    (
        SELECT
            *,
            multiIf(hes_ms IS NULL AND downstream_ms IS NULL OR is_one_clock, 'one_clock', is_known, 'corrected', 'not_correctable') AS clock_status,
            if(is_known, found_in, 0) AS in_lead,
            if(is_known, found_release, 0) AS release_lead,
            if(is_known, found_attempt, 0) AS attempt_lead,
            if(is_known, found_end, 0) AS end_lead,
            -- of a hop between whose clock is not known: as it is, the two sides of it even out
            arrayMap(lead -> if(NOT is_known OR lead = {clock_unknown:Int64}, 0, lead), found_starts) AS start_leads,
            arrayMap((lead, i) -> if(i = hes_at, release_lead, if(NOT is_known OR lead = {clock_unknown:Int64}, 0, lead)), found_ends, arrayEnumerate(found_ends)) AS end_leads
        FROM leads
    )
)
