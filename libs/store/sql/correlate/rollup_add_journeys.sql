-- The counts and largest delays of new journeys, under the version of their hour that counts.
INSERT INTO hoptime_store.journey_rollups
(begins, version, direction, state, via_hes, verdict, matched, journeys, first_at, last_at,
 hes_max_ms, hes_processing_max_ms, hes_waiting_max_ms, downstream_max_ms, total_max_ms)
SELECT
    toStartOfHour(first_event_at) AS begins,
    transform(toUInt32(begins), {hours:Array(UInt32)}, {hour_versions:Array(UInt64)}, toUInt64(0)) AS version,
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
FROM hoptime_store.stage_journeys
WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
GROUP BY begins, direction, state, via_hes, verdict, matched
SETTINGS max_partitions_per_insert_block = 0, max_threads = 1, query_plan_enable_optimizations = 0
