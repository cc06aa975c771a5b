-- Journeys with the lead of the clock that made each stamp (table.sql says how leads are told), as the stamps alone say.
SELECT
    *,
    -- A figure that is not there needs no clock; what lies before HES is in none. The reference (1) is right at any time: what is its own, most of it, is not looked up.
    if(hes_ms IS NULL OR in_clock = 1, 0, transform(roundDown(in_clock * 8796093022208 + greatest(in_ms, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64})) AS found_in,
    if(hes_ms IS NULL AND downstream_ms IS NULL OR release_clock = 1, 0, transform(roundDown(release_clock * 8796093022208 + greatest(released_ms, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64})) AS found_release,
    if(hes_waiting_ms IS NULL OR attempt_ms = released_ms, found_release, transform(roundDown(attempt_clock * 8796093022208 + greatest(attempt_ms, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64})) AS found_attempt,
    if(downstream_ms IS NULL OR end_clock = 1, 0, transform(roundDown(end_clock * 8796093022208 + greatest(end_ms, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64})) AS found_end,
    found_in != {clock_unknown:Int64} AND found_release != {clock_unknown:Int64} AND found_attempt != {clock_unknown:Int64} AND found_end != {clock_unknown:Int64} AS is_known,
    arrayMap((c, t) -> transform(roundDown(c * 8796093022208 + greatest(t, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64}), clocks, received_ms) AS found_starts,
    arrayMap((c, t) -> transform(roundDown(c * 8796093022208 + greatest(t, 0), clock_keys), clock_keys, clock_leads, {clock_unknown:Int64}), ends, relayed_ms) AS found_ends
FROM
(
    SELECT
        *,
        hops.received_ms AS received_ms, hops.relayed_ms AS relayed_ms,
        coalesce(total_ms, downstream_ms, hes_ms) AS raw_ms,
        toUInt32(indexOf(hops.segment, 'hes')) AS hes_at,
        -- of each hop the place of its MTA in clock_hosts, 0 where it has no lead at any time; whole numbers, as in clock_keys: to take one out of an array of texts costs as much as all else
        arrayMap(m -> transform(toString(m), host_names, host_numbers, toInt64(0)), hops.mta) AS clocks,
        if(hes_at > 0, transform('hes', host_names, host_numbers, toInt64(0)), clocks[1]) AS in_clock,
        clocks[if(hes_at > 0 AND released_by = 'tracking', hes_at, hes_at + 1)] AS release_clock,
        clocks[-1] AS end_clock,
        toUnixTimestamp64Milli(ifNull(hes_received_at, toDateTime64(0, 3, 'UTC'))) AS in_ms,
        toUnixTimestamp64Milli(ifNull(hes_released_at, toDateTime64(0, 3, 'UTC'))) AS released_ms,
        toUnixTimestamp64Milli(ifNull(hes_first_attempt_at, toDateTime64(0, 3, 'UTC'))) AS attempt_ms,
        released_ms + ifNull(downstream_ms, 0) AS end_ms,
        if(attempt_ms % 1000 = 0, in_clock, clocks[hes_at + 1]) AS attempt_clock,
        (hes_ms IS NULL OR released_by = 'tracking') AND notEmpty(hops.mta)
            AND (hes_waiting_ms IS NULL OR attempt_ms = released_ms OR attempt_clock = release_clock)
            AND (downstream_ms IS NULL OR hops.mta[-1] = hops.mta[if(hes_at > 0 AND released_by = 'tracking', hes_at, hes_at + 1)]) AS is_one_clock,
        -- who reads the clock when a hop ends: itself; the next one where that one's stamp stands in
        arrayMap((p, own, after) -> if(p = 'trace-headers', after, own), hops.product, clocks, arrayPushBack(arrayPopFront(clocks), clocks[-1])) AS ends
    FROM hoptime_store.journeys
)
