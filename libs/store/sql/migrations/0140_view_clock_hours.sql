-- Transfers per pair of MTAs and hour, of journeys whose first event lies in [from, to). What is no statement of two clocks is left out: where HES's release is
-- the next MTA's own stamp, and where a mail file tells when the MTA before let go, since that is the stamp of the MTA after it.
-- Each transfer d + B − A, d = the true time between the two events, B and A = how far the clocks are ahead. Bounds of B − A: the median's 99.9 % interval by
-- order statistics (of each half of the hour, the outer ends of both: a clock may move within the hour), then what cannot be known of one transfer: stamps are
-- cut, so they are late by up to their resolution; the MTA before says "relayed" after the reply of the other, at most the time of the transmission later (as it
-- reports that, else 1 s), and the other may log its reception up to 0.1 s after its reply.
CREATE OR REPLACE VIEW hoptime_store.clock_hours
AS SELECT
    hour, from_mta, to_mta,
    toUInt64(n) AS transfers,
    sorted[intDiv(n + 1, 2)] AS offset_ms,
    sorted[intDiv(3 * n + 3, 4)] - sorted[intDiv(n + 3, 4)] AS spread_ms,
    sorted[1] AS min_ms,
    sorted[n] AS max_ms,
    from_resolution_ms, to_resolution_ms, transmission_ms,
    arrayMin(arrayMap(half -> half[toUInt64(greatest(1, floor(length(half) / 2 - 1.64525 * sqrt(length(half)))))], halves)) - from_resolution_ms - 100 AS lower_ms,
    arrayMax(arrayMap(half -> half[length(half) + 1 - toUInt64(greatest(1, floor(length(half) / 2 - 1.64525 * sqrt(length(half)))))], halves)) + to_resolution_ms + transmission_ms AS upper_ms,
    -- the middle half averages what stamps cut off; stamps of equal resolution lose the same on both sides
    least(upper_ms, greatest(lower_ms, toInt64(floor(arrayAvg(arraySlice(sorted, 1 + intDiv(n, 4), n - 2 * intDiv(n, 4))) + (to_resolution_ms - from_resolution_ms) / 2 + 0.5)))) AS estimate_ms,
    sorted[n - intDiv(n, 20)] - sorted[1 + intDiv(n, 20)] > from_resolution_ms + to_resolution_ms + longest_transmission_ms + 500 AS is_wide,
    -- an hour with few transfers, or with transfers that differ by more than one clock can explain, is looked at one by one
    if(n < 16 OR is_wide, arrayFilter((t, i) -> intDiv(i * 300, n) != intDiv((i - 1) * 300, n) OR n <= 300, by_time, arrayEnumerate(by_time)), []) AS single
FROM
(
    SELECT
        hour, from_mta, to_mta, n, by_time, from_resolution_ms, to_resolution_ms, transmission_ms, longest_transmission_ms,
        arraySort(arrayMap(t -> t.2, by_time)) AS sorted,
        if(n < 16, [sorted], [
            arraySort(arrayMap(t -> t.2, arraySlice(by_time, 1, intDiv(n, 2)))),
            arraySort(arrayMap(t -> t.2, arraySlice(by_time, intDiv(n, 2) + 1)))]) AS halves
    FROM
    (
        SELECT
            toStartOfHour(fromUnixTimestamp64Milli(received_ms, 'UTC')) AS hour,
            from_mta, to_mta,
            arrayMap(t -> (t.1, t.3), arrayCompact(arraySort(groupArray((received_ms, leg_id, ms))))) AS by_time,
            length(by_time) AS n,
            toInt64(multiIf(max(relayed_ms % 60000) = 0, 60000, max(relayed_ms % 1000) = 0, 1000, 1)) AS from_resolution_ms,
            toInt64(multiIf(max(received_ms % 60000) = 0, 60000, max(received_ms % 1000) = 0, 1000, 1)) AS to_resolution_ms,
            -- Postfix prints two digits: up to 5 % more
            if(countIf(transmit_ms >= 0) = 0, 1000, toInt64(ceil(1.05 * quantileExactIf(0.5)(transmit_ms, transmit_ms >= 0)) + 5)) AS transmission_ms,
            if(countIf(transmit_ms >= 0) = 0, 1000, quantileExactIf(0.95)(transmit_ms, transmit_ms >= 0)) AS longest_transmission_ms
        FROM
        (
            SELECT
                toString(hops.mta[place - 1]) AS from_mta,
                toString(hops.mta[place]) AS to_mta,
                hops.leg_id[place] AS leg_id,
                hops.received_ms[place] AS received_ms,
                hops.relayed_ms[place - 1] AS relayed_ms,
                hops.transmit_ms[place - 1] AS transmit_ms,
                assumeNotNull(hops.transfer_ms[place]) AS ms,
                hops.transfer_ms[place] IS NOT NULL AND relayed_ms >= 0 AND received_ms >= 0 AS is_known,
                if(hops.segment[place - 1] = 'hes', released_by = 'tracking', hops.product[place - 1] != 'trace-headers') AS is_of_two_clocks
            FROM hoptime_store.journeys
            ARRAY JOIN arrayEnumerate(hops.mta) AS place
            WHERE
                place > 1 AND is_known AND is_of_two_clocks
                AND first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
        )
        GROUP BY hour, from_mta, to_mta
    )
)
