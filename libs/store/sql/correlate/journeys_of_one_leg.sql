-- Legs that nothing links to others → journeys of one hop. The same numbers as journeys.sql gives them (libs/ingest/one-leg.spec.ts holds the
-- two against each other), without its arrays: most mail of a log that nothing else speaks of. Of touched messages they come from `stage_legs`.
INSERT INTO hoptime_store.stage_journeys
SELECT
    leg_id AS journey_id, message_key, message_id, recipient,
    multiIf(original_recipient != '', original_recipient, recipient) AS original_recipient,
    sender, 0 AS direction, end_state, via,
    if(via = 'no', 'not_via_hes', '') AS verdict,
    fromUnixTimestamp64Milli(begun_ms, 'UTC') AS first_event_at,
    NULL AS hes_received_at,
    fromUnixTimestamp64Milli(released_ms, 'UTC') AS hes_first_attempt_at,
    fromUnixTimestamp64Milli(released_ms, 'UTC') AS hes_released_at,
    multiIf(via != 'yes', '', product != 'trace-headers', 'next_hop', 'trace_header') AS released_by,
    if(end_state = 'complete', fromUnixTimestamp64Milli(ended_ms, 'UTC'), NULL) AS delivered_at,
    NULL AS hes_ms, NULL AS hes_processing_ms, NULL AS hes_waiting_ms, NULL AS hes_quarantine_ms,
    if(end_state IN ('complete', 'relayed'), ended_ms - released_ms, NULL) AS downstream_ms,
    NULL AS total_ms, NULL AS upstream_ms,
    1 AS hop_count,
    if(dwell_ms >= 0, mta, '') AS slowest_hop_mta,
    if(dwell_ms >= 0, dwell_ms, NULL) AS slowest_hop_ms,
    deferrals, '' AS matched_by,
    arrayPopFront(splitByChar('@', recipient))[-1] AS recipient_domain, arrayPopFront(splitByChar('@', sender))[-1] AS sender_domain,
    replies,
    [leg_id], [group_hash], ['downstream'], [mta], [product], [queue_id], [begun_ms], [assumeNotNull(received_ms)],
    [if(outcome IN ('relayed', 'delivered'), ifNull(ended_ms, -1), -1)],
    [dwell_ms], [released_ms - received_ms], [deferrals], [outcome],
    -- a mailbox is the end: what its server answers is no queue id of another MTA
    [if(outcome = 'delivered', '', next_mta)], [if(outcome = 'delivered', '', next_queue_id)],
    [delay_ms], [before_queue_ms], [in_queue_ms], [connect_ms], [transmit_ms], [smtp_reply], [last_ms]
FROM
(
    SELECT
        *,
        multiIf(client = 'hes', 'yes', client IN ('foreign', 'unnamed', 'pickup'), 'no', 'unknown') AS via,
        multiIf(outcome = 'delivered', 'complete', outcome IN ('received', 'deferred', 'released'), 'in_flight', outcome) AS end_state,
        -- HES let go when this MTA took the message: both are one SMTP transaction
        if(via = 'yes', received_ms, NULL) AS released_ms,
        if(outcome IN ('relayed', 'delivered'), ifNull(ended_ms - received_ms, -1), -1) AS dwell_ms
    FROM hoptime_store.unlinked_queue_legs
)
SETTINGS max_threads = 1, query_plan_enable_optimizations = {plan_optimized:UInt8}, optimize_and_compare_chain = 0, group_by_two_level_threshold = 0, group_by_two_level_threshold_bytes = 0, max_partitions_per_insert_block = 0, min_insert_block_size_rows = 65409
