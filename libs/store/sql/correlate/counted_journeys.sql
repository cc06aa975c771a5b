-- What the rollups per hour and state count of the journeys of some hours (seconds since 1970; none means all); days are added up from hours (`rollup_days.sql`).
SELECT 'hour' AS span, first_event_at, direction, state, via_hes, verdict, hop_count, hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms
FROM hoptime_store.journeys
WHERE
    first_event_at >= {from:DateTime64(3, 'UTC')}
    AND first_event_at < {to:DateTime64(3, 'UTC')}
    AND (empty({hours:Array(UInt32)}) OR toStartOfHour(first_event_at) IN (SELECT toDateTime(arrayJoin({hours:Array(UInt32)}), 'UTC')))
