-- The histograms of some hours (seconds since 1970; none means all) from the journeys, under a new version.
INSERT INTO hoptime_store.delay_rollups
SELECT
    'hour' AS span,
    toStartOfHour(first_event_at) AS begins,
    {version:UInt64} AS version,
    segment,
    toString(direction) AS direction,
    state,
    via_hes,
    verdict,
    toInt16(multiIf(ms > 0, 1 + 64 * octave + part, ms < 0, -1 - 64 * octave - part, 0)) AS bucket,
    toUInt8((ms >= 60000) + (ms >= 300000) + (ms >= 600000)) AS limits_reached,
    count() AS count,
    sum(ms) AS sum_ms,
    max(ms) AS max_ms
FROM
(
    SELECT
        first_event_at, direction, state, via_hes, verdict, segment,
        assumeNotNull(duration_ms) AS ms,
        -- 2^32 ms are 50 days: what takes longer is counted there
        least(abs(ms), 4294967295) AS size,
        toInt64(floor(log2(greatest(size, 1)))) AS octave,
        intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part
    FROM hoptime_store.journeys
    ARRAY JOIN
        ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment,
        [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
    WHERE
        duration_ms IS NOT NULL
        AND first_event_at >= {from:DateTime64(3, 'UTC')}
        AND first_event_at < {to:DateTime64(3, 'UTC')}
        AND (empty({hours:Array(UInt32)}) OR toStartOfHour(first_event_at) IN (SELECT toDateTime(arrayJoin({hours:Array(UInt32)}), 'UTC')))
)
GROUP BY begins, segment, direction, state, via_hes, verdict, bucket, limits_reached
SETTINGS max_partitions_per_insert_block = 0
