-- Histograms by recipient_domain of the hours in which a range differs from the whole days of UTC that are read for it, from their journeys: hours of domains are
-- not kept. `store/property-rollup.ts` makes of it the statement by the other domain.
SELECT
    added, added_at, taken, taken_at, of_value AS value, '' AS detail, segment_number,
    toInt64(sum(n)) AS count, count AS known, toInt64(sum(ms)) AS sum_ms,
    toInt64(sum(below_1_min)) AS under_1_min, toInt64(sum(below_5_min)) AS under_5_min, toInt64(sum(below_10_min)) AS under_10_min, toInt64(0) AS deferrals,
    groupArray(bucket) AS buckets, groupArray(n) AS counts, groupArray(ms) AS sums_ms
FROM
(
    SELECT
        added, added_at, taken, taken_at, of_value, segment_number,
        toInt16(multiIf(duration > 0, 1 + 64 * octave + part, duration < 0, -1 - 64 * octave - part, 0)) AS bucket,
        toInt64(count()) AS n, sum(duration) AS ms,
        countIf(duration < 60000) AS below_1_min, countIf(duration < 300000) AS below_5_min, countIf(duration < 600000) AS below_10_min
    FROM
    (
        SELECT
            CAST(recipient_domain, 'String') AS of_value, segment_number, assumeNotNull(duration_ms) AS duration,
            toDateTime(toStartOfHour(first_event_at), 'UTC') AS begins,
            begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC') AS added,
            begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC') AS taken,
            toUnixTimestamp(toDateTime(dateTrunc({unit:String}, begins, {tz:String}), {tz:String})) AS added_at,
            toUnixTimestamp(toDateTime(dateTrunc({unit:String}, toStartOfDay(begins) + INTERVAL 12 HOUR, {tz:String}), {tz:String})) AS taken_at,
            -- 2^32 ms are 50 days: what takes longer is counted there
            least(abs(duration), 4294967295) AS size,
            toInt64(floor(log2(greatest(size, 1)))) AS octave,
            intDiv((size - bitShiftLeft(toInt64(1), octave)) * 64, bitShiftLeft(toInt64(1), octave)) AS part
        FROM hoptime_store.journeys
        ARRAY JOIN
            [toInt8(1), 2, 3, 4, 5] AS segment_number,
            [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
        WHERE
            duration_ms IS NOT NULL
            AND ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'][segment_number] IN {segments:Array(String)}
            AND (empty({values:Array(String)}) OR recipient_domain IN {values:Array(String)})
            AND (
                (first_event_at >= {first_from:DateTime64(3, 'UTC')} AND first_event_at < {first_to:DateTime64(3, 'UTC')})
                OR (first_event_at >= {last_from:DateTime64(3, 'UTC')} AND first_event_at < {last_to:DateTime64(3, 'UTC')})
            )
    )
    GROUP BY added, added_at, taken, taken_at, of_value, segment_number, bucket
)
GROUP BY added, added_at, taken, taken_at, of_value, segment_number
