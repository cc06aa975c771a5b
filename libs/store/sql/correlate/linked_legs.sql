-- Legs of the queue ids that something links to others: what links them is decided in libs/ingest/link-legs.ts.
INSERT INTO hoptime_store.stage_legs
(key_hash, leg_id, custody_id, group_hash, message_key, message_id, is_hes, mta, product, queue_id, begun_ms, received_ms, ended_ms,
 outcome, peer, peer_address, client, original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient,
 deferrals, direction, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply, last_ms, replies)
SELECT
    key_hash, leg_id, custody_id, group_hash, message_key, message_id, 0, mta, product, queue_id, begun_ms, received_ms, ended_ms,
    outcome, peer, peer_address, client, original_queue_id, next_mta, next_address, next_queue_id, sender, recipient, original_recipient,
    deferrals, 0, delay_ms, before_queue_ms, in_queue_ms, connect_ms, transmit_ms, smtp_reply, last_ms, replies
FROM hoptime_store.linked_queue_legs
SETTINGS max_threads = 1, query_plan_enable_optimizations = {plan_optimized:UInt8}, optimize_and_compare_chain = 0, group_by_two_level_threshold = 0, group_by_two_level_threshold_bytes = 0
