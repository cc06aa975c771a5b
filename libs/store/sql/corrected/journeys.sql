-- The view journeys over corrected rows (table.sql), which take the place of hoptime_store.journeys here.
SELECT
    leftPad(lower(hex(journey_id)), 16, '0') AS journey_id,
    nullIf(message_id, '') AS message_id,
    nullIf(recipient, '') AS recipient,
    nullIf(original_recipient, '') AS original_recipient,
    nullIf(sender, '') AS sender,
    if(direction = 'unknown', NULL, toString(direction)) AS direction,
    toString(state) AS state,
    toString(via_hes) AS via_hes,
    nullIf(toString(verdict), '') AS verdict,
    hes_received_at, hes_first_attempt_at, hes_released_at,
    nullIf(toString(released_by), '') AS released_by,
    delivered_at, hes_ms, hes_processing_ms, hes_waiting_ms, hes_quarantine_ms, downstream_ms, total_ms, upstream_ms, hop_count,
    nullIf(toString(slowest_hop_mta), '') AS slowest_hop_mta,
    slowest_hop_ms, deferrals,
    clock_correction_ms,
    clock_status,
    nullIf(toString(matched_by), '') AS matched_by,
    first_event_at,
    message_key,
    nullIf(toString(recipient_domain), '') AS recipient_domain,
    nullIf(toString(sender_domain), '') AS sender_domain
FROM hoptime_store.journeys
