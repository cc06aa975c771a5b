-- As 0140, at half the cost: arrays are cut before they are joined, and a transfer is one number.
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
    if(n < 16 OR is_wide, arrayMap(p -> (toInt64(toUnixTimestamp(hour)) * 1000 + toInt64(bitShiftRight(p, 42)), toInt64(bitAnd(p, 268435455)) - 134217728),
        arrayFilter((p, i) -> intDiv(i * 120, n) != intDiv((i - 1) * 120, n) OR n <= 120, packed, arrayEnumerate(packed))), []) AS single
FROM
(
    SELECT
        hour, toString(from_mta) AS from_mta, toString(to_mta) AS to_mta, n, packed, from_resolution_ms, to_resolution_ms, transmission_ms, longest_transmission_ms,
        arrayMap(p -> toInt64(bitAnd(p, 268435455)) - 134217728, packed) AS in_time,
        arraySort(in_time) AS sorted,
        if(n < 16, [sorted], [arraySort(arraySlice(in_time, 1, intDiv(n, 2))), arraySort(arraySlice(in_time, intDiv(n, 2) + 1))]) AS halves
    FROM
    (
        SELECT
            hour, from_mta, to_mta,
            -- time within the hour, a part of the leg's hash so that a transfer counts once, and the transfer, in one number: sorts fast
            arrayCompact(arraySort(groupArray(
                bitShiftLeft(toUInt64(received_ms - toUnixTimestamp(hour) * 1000), 42) + bitShiftLeft(toUInt64(leg_id % 16384), 28) + toUInt64(least(greatest(ms, -134217728), 134217727) + 134217728)))) AS packed,
            length(packed) AS n,
            toInt64(multiIf(max(relayed_ms % 60000) = 0, 60000, max(relayed_ms % 1000) = 0, 1000, 1)) AS from_resolution_ms,
            toInt64(multiIf(max(received_ms % 60000) = 0, 60000, max(received_ms % 1000) = 0, 1000, 1)) AS to_resolution_ms,
            -- Postfix prints two digits: up to 5 % more
            if(countIf(transmit_ms >= 0) = 0, 1000, toInt64(ceil(1.05 * quantileExactIf(0.5)(transmit_ms, transmit_ms >= 0)) + 5)) AS transmission_ms,
            if(countIf(transmit_ms >= 0) = 0, 1000, quantileExactIf(0.95)(transmit_ms, transmit_ms >= 0)) AS longest_transmission_ms
        FROM
        (
            SELECT
                toStartOfHour(fromUnixTimestamp64Milli(received_ms, 'UTC')) AS hour,
                from_mta, to_mta, leg_id, received_ms, relayed_ms, transmit_ms,
                assumeNotNull(transfer_ms) AS ms
            FROM
            (
                SELECT released_by, from_mta, to_mta, leg_id, received_ms, relayed_ms, transmit_ms, transfer_ms, segment, product
                FROM hoptime_store.journeys
                ARRAY JOIN
                    arrayPopBack(hops.mta) AS from_mta, arrayPopFront(hops.mta) AS to_mta, arrayPopFront(hops.leg_id) AS leg_id,
                    arrayPopFront(hops.received_ms) AS received_ms, arrayPopBack(hops.relayed_ms) AS relayed_ms, arrayPopBack(hops.transmit_ms) AS transmit_ms,
                    arrayPopFront(hops.transfer_ms) AS transfer_ms, arrayPopBack(hops.segment) AS segment, arrayPopBack(hops.product) AS product
                WHERE
                    first_event_at >= {from:DateTime64(3, 'UTC')} AND first_event_at < {to:DateTime64(3, 'UTC')}
                    AND transfer_ms IS NOT NULL AND relayed_ms >= 0 AND received_ms >= 0
                    AND if(segment = 'hes', released_by = 'tracking', product != 'trace-headers')
            )
        )
        GROUP BY hour, from_mta, to_mta
    )
)
