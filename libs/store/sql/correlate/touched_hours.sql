-- Hours whose rollups count something else now: seconds since 1970. A journey that comes back with the same figures changes none.
SELECT toUInt32(toStartOfHour(first_event_at)) AS hour
FROM
(
    SELECT
        first_event_at, journey_id,
        cityHash64(direction, state, via_hes, verdict, hop_count > 0, hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms,
            recipient_domain, sender_domain, hops.leg_id, hops.segment, hops.mta, hops.product, hops.begun_ms, hops.received_ms, hops.relayed_ms, hops.dwell_ms,
            hops.transfer_ms, hops.deferrals, hes_received_at, replies) AS figures
    FROM (SELECT * FROM hoptime_store.stage_replaced_journeys UNION ALL SELECT * FROM hoptime_store.stage_journeys)
)
GROUP BY first_event_at, journey_id, figures
-- in only one of the two
HAVING count() = 1
ORDER BY hour
LIMIT 1 BY hour
SETTINGS max_threads = 1, query_plan_enable_optimizations = 0
