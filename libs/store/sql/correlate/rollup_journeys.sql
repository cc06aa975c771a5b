-- The counts of some hours (seconds since 1970; none means all) from the journeys, under a new version.
INSERT INTO hoptime_store.journey_rollups
SELECT
    toStartOfHour(first_event_at) AS begins,
    {version:UInt64} AS version,
    toString(direction) AS direction,
    state,
    via_hes,
    verdict,
    toUInt8(hop_count > 0) AS matched,
    count() AS journeys,
    min(first_event_at) AS first_at,
    max(first_event_at) AS last_at
FROM hoptime_store.journeys
WHERE
    first_event_at >= {from:DateTime64(3, 'UTC')}
    AND first_event_at < {to:DateTime64(3, 'UTC')}
    AND (empty({hours:Array(UInt32)}) OR toStartOfHour(first_event_at) IN (SELECT toDateTime(arrayJoin({hours:Array(UInt32)}), 'UTC')))
GROUP BY begins, direction, state, via_hes, verdict, matched
SETTINGS max_partitions_per_insert_block = 0
