-- What they count of new journeys, which are all in hours that are added to: once for the hour, or once more for its day.
SELECT
    arrayJoin({spans:Array(String)}) AS span, first_event_at, direction, state, via_hes, verdict, hop_count, hes_ms, hes_processing_ms, hes_waiting_ms,
    downstream_ms, total_ms
FROM hoptime_store.stage_journeys
WHERE first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
