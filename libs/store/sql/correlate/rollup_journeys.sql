-- The counts and largest delays of the hours of journeys, each under its version: `store/rollup.ts` says which journeys.
INSERT INTO hoptime_store.journey_rollups
(begins, version, direction, state, via_hes, verdict, matched, journeys, first_at, last_at,
 hes_max_ms, hes_processing_max_ms, hes_waiting_max_ms, downstream_max_ms, total_max_ms)
SELECT
    toStartOfHour(first_event_at) AS begins,
    -- one for all, or that of the hour
    greatest({version:UInt64}, {versions:Array(UInt64)}[indexOf({keys:Array(String)}, concat(span, ' ', toString(toUInt32(begins))))]) AS version,
    toString(direction) AS direction,
    state,
    via_hes,
    verdict,
    toUInt8(hop_count > 0) AS matched,
    count() AS journeys,
    min(first_event_at) AS first_at,
    max(first_event_at) AS last_at,
    max(hes_ms) AS hes_max_ms,
    max(hes_processing_ms) AS hes_processing_max_ms,
    max(hes_waiting_ms) AS hes_waiting_max_ms,
    max(downstream_ms) AS downstream_max_ms,
    max(total_ms) AS total_max_ms
FROM hoptime_store.counted_journeys
GROUP BY span, begins, direction, state, via_hes, verdict, matched
SETTINGS max_partitions_per_insert_block = 0, max_threads = {threads:UInt8}, query_plan_enable_optimizations = {plan_optimized:UInt8}
