-- The view hops over corrected rows (table.sql), which take the place of hoptime_store.journeys here.
SELECT
    leftPad(lower(hex(journey_id)), 16, '0') AS journey_id,
    nullIf(message_id, '') AS message_id,
    nullIf(recipient, '') AS recipient,
    first_event_at,
    position,
    leftPad(lower(hex(h_leg_id)), 16, '0') AS hop_id,
    toString(h_segment) AS segment,
    toString(h_mta) AS mta,
    toString(h_product) AS product,
    nullIf(h_queue_id, '') AS queue_id,
    fromUnixTimestamp64Milli(h_begun_ms, 'UTC') AS begun_at,
    if(h_received_ms < 0, NULL, fromUnixTimestamp64Milli(h_received_ms, 'UTC')) AS received_at,
    if(h_relayed_ms < 0, NULL, fromUnixTimestamp64Milli(h_relayed_ms, 'UTC')) AS relayed_at,
    if(h_received_ms < 0 OR h_relayed_ms < 0, NULL, h_dwell_ms) AS dwell_ms,
    h_transfer_ms AS transfer_ms,
    h_deferrals AS deferrals,
    toString(h_outcome) AS outcome,
    nullIf(toString(h_next_mta), '') AS next_mta,
    nullIf(h_next_queue_id, '') AS next_queue_id,
    if(h_reported_delay_ms < 0, NULL, h_reported_delay_ms) AS reported_delay_ms,
    if(h_before_queue_ms < 0, NULL, h_before_queue_ms) AS before_queue_ms,
    if(h_in_queue_ms < 0, NULL, h_in_queue_ms) AS in_queue_ms,
    if(h_connect_ms < 0, NULL, h_connect_ms) AS connect_ms,
    if(h_transmit_ms < 0, NULL, h_transmit_ms) AS transmit_ms,
    nullIf(h_smtp_reply, '') AS smtp_reply
FROM hoptime_store.journeys
ARRAY JOIN
    arrayEnumerate(hops.mta) AS position, hops.leg_id AS h_leg_id, hops.segment AS h_segment, hops.mta AS h_mta, hops.product AS h_product, hops.queue_id AS h_queue_id,
    hops.begun_ms AS h_begun_ms, hops.received_ms AS h_received_ms, hops.relayed_ms AS h_relayed_ms, hops.dwell_ms AS h_dwell_ms,
    hops.transfer_ms AS h_transfer_ms, hops.deferrals AS h_deferrals, hops.outcome AS h_outcome, hops.next_mta AS h_next_mta,
    hops.next_queue_id AS h_next_queue_id, hops.reported_delay_ms AS h_reported_delay_ms, hops.before_queue_ms AS h_before_queue_ms,
    hops.in_queue_ms AS h_in_queue_ms, hops.connect_ms AS h_connect_ms, hops.transmit_ms AS h_transmit_ms, hops.smtp_reply AS h_smtp_reply
