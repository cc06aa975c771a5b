-- The journeys that the messages of a scope had. A journey begins at one of its events, so the order of `journeys` finds them.
INSERT INTO hoptime_store.stage_replaced
SELECT DISTINCT first_event_at, journey_id,
    toUInt64(cityHash64(direction, state, via_hes, verdict, hop_count > 0, hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms,
            recipient_domain, sender_domain, hops.leg_id, hops.segment, hops.mta, hops.product, hops.begun_ms, hops.received_ms, hops.relayed_ms, hops.dwell_ms,
            hops.transfer_ms, hops.deferrals, hes_received_at)) AS figures
FROM hoptime_store.journeys
ARRAY JOIN hops.group_hash AS hop_group
WHERE first_event_at IN (SELECT greatest(event_time, fromUnixTimestamp64Milli(0, 'UTC')) FROM hoptime_store.stage_events)
    AND hop_group IN (SELECT group_hash FROM hoptime_store.stage_scope)
SETTINGS max_threads = 1
