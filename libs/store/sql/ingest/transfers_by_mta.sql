-- Transfers into each MTA from the hop before: both ends are one SMTP transaction, so the median is the difference of two clocks, or of two zones.
SELECT toString(mta) AS mta, toUInt32(count()) AS transfers, toInt64(quantileExactWeighted(0.5)(assumeNotNull(transfer_ms), 1)) AS median_ms
FROM hoptime_store.journeys
ARRAY JOIN hops.mta AS mta, hops.transfer_ms AS transfer_ms, hops.received_ms AS received_ms
WHERE transfer_ms IS NOT NULL AND received_ms >= 0 AND mta != 'hes'
GROUP BY mta
HAVING transfers >= 3 AND abs(median_ms) >= {suspicious_ms:Int64}
ORDER BY mta
SETTINGS max_threads = 2
