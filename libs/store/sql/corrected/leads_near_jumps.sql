-- leads.sql, whose rows take the place of leads here, near a jump of a clock: there a stamp may be of either side, as after a jump back, which shows times twice.
-- clock_others has the lead of the other side for each key (elsewhere the same again), clock_doubts when such times begin and end in turn, from 0 on.
-- The two stamps of a transfer are one SMTP transaction: those sides count for which they are nearest to each other. What has no transfer of two clocks, as the end
-- of the last hop, is on the side of the other end of its hop, unless the hop would end before it begins.
WITH (SELECT {clock_others:Array(Int64)}) AS clock_others, (SELECT {clock_doubts:Array(Int64)}) AS clock_doubts
SELECT
    * EXCEPT (looked_up_release, looked_up_attempt, looked_up_end, looked_up_starts, looked_up_ends, is_near, other_starts, other_ends, sides, by_transfer_starts, by_transfer_ends, right_starts, right_ends),
    if(is_near, right_starts, looked_up_starts) AS found_starts,
    if(is_near, right_ends, looked_up_ends) AS found_ends,
    -- where the next MTA's stamp stands in
    if(is_near AND NOT (hes_at > 0 AND released_by = 'tracking') AND received_ms[hes_at + 1] = released_ms AND looked_up_release != {clock_unknown:Int64} AND (hes_ms IS NOT NULL OR downstream_ms IS NOT NULL),
        right_starts[hes_at + 1], looked_up_release) AS found_release,
    if(hes_waiting_ms IS NULL OR attempt_ms = released_ms, found_release, looked_up_attempt) AS found_attempt,
    if(is_near AND downstream_ms IS NOT NULL AND relayed_ms[-1] = end_ms, right_ends[-1], looked_up_end) AS found_end
FROM
(
    SELECT
        *,
        if(is_near, arrayMap((s, o, e, mine, its, t, i) -> if(s != o AND (i = 1 OR t IS NULL) AND abs(e - s) < 1500, s + its - e, mine),
            looked_up_starts, other_starts, looked_up_ends, by_transfer_starts, by_transfer_ends, hops.transfer_ms, arrayEnumerate(looked_up_starts)), []) AS right_starts,
        if(is_near, arrayMap((e, o, s, mine, its, t, begun, ended) -> if(e = o OR t IS NOT NULL OR begun < 0 OR ended < 0, mine,
            -- the first of these leads for which the hop takes no time below 0, else the first; on another side than its start it is where the hop is short
            arrayFirst((lead, k) -> ended - lead - (begun - its) >= -1000 OR k = 4,
                if(abs(e - s) < 1500, [e + its - s, e, o, e + its - s], [greatest(e, o), least(e, o), o, greatest(e, o)]), [1, 2, 3, 4])),
            looked_up_ends, other_ends, looked_up_starts, by_transfer_ends, by_transfer_starts, arrayPushBack(arrayPopFront(hops.transfer_ms), NULL), received_ms, relayed_ms), []) AS right_ends
    FROM
    (
        SELECT
            *,
            if(is_near, arrayMap((side, s, o) -> if(side IN (2, 4), o, s), sides, looked_up_starts, other_starts), []) AS by_transfer_starts,
            if(is_near, arrayMap((side, e, o) -> if(side IN (3, 4), o, e), arrayPushBack(arrayPopFront(sides), 1), looked_up_ends, other_ends), []) AS by_transfer_ends
        FROM
        (
            SELECT
                *,
                -- of a hop: 1 as looked up, 2 its start is of the other side, 3 the end before it is, 4 both
                if(is_near, arrayMap((t, s, s2, e, e2, i) -> multiIf(i = 1 OR t IS NULL OR s = s2 AND e = e2, 1,
                    -- half a second in favour of what the stamps say
                    abs(t - s + e) - 500 <= least(abs(t - s2 + e), abs(t - s + e2), abs(t - s2 + e2)), 1,
                    abs(t - s2 + e) <= least(abs(t - s + e2), abs(t - s2 + e2)), 2,
                    abs(t - s + e2) <= abs(t - s2 + e2), 3, 4),
                    hops.transfer_ms, looked_up_starts, other_starts,
                    arrayPushFront(arrayPopBack(looked_up_ends), looked_up_starts[1]), arrayPushFront(arrayPopBack(other_ends), looked_up_starts[1]),
                    arrayEnumerate(looked_up_starts)), []) AS sides
            FROM
            (
                SELECT
                    * EXCEPT (found_release, found_attempt, found_end, found_starts, found_ends),
                    found_release AS looked_up_release, found_attempt AS looked_up_attempt, found_end AS looked_up_end, found_starts AS looked_up_starts, found_ends AS looked_up_ends,
                    -- odd places are ends
                    transform(roundDown(greatest(toUnixTimestamp64Milli(first_event_at), 0), clock_doubts), clock_doubts, arrayEnumerate(clock_doubts), toUInt32(1)) AS doubt_at_first,
                    transform(roundDown(greatest(toUnixTimestamp64Milli(first_event_at), end_ms), clock_doubts), clock_doubts, arrayEnumerate(clock_doubts), toUInt32(1)) AS doubt_at_last,
                    doubt_at_first != doubt_at_last OR doubt_at_first % 2 = 0 AS is_near,
                    if(is_near, arrayMap((c, t) -> transform(roundDown(c * 8796093022208 + greatest(t, 0), clock_keys), clock_keys, clock_others, {clock_unknown:Int64}), clocks, received_ms), []) AS other_starts,
                    if(is_near, arrayMap((c, t) -> transform(roundDown(c * 8796093022208 + greatest(t, 0), clock_keys), clock_keys, clock_others, {clock_unknown:Int64}), ends, relayed_ms), []) AS other_ends
                FROM leads
            )
        )
    )
)
