INSERT INTO hoptime_store.stage_refusals
SELECT sender, recipient, arraySort(groupUniqArray(toUnixTimestamp64Milli(event_time)))
FROM hoptime_store.trace_events
WHERE statement IN ('noqueue', 'reject', 'milter-reject') AND recipient != ''
    AND (arrayExists(suffix -> endsWith(peer, suffix), {hes_suffixes:Array(String)})
        OR arrayExists((low, high) -> toIPv4OrDefault(peer_address) >= toIPv4(low) AND toIPv4OrDefault(peer_address) <= toIPv4(high),
            {hes_lows:Array(UInt32)}, {hes_highs:Array(UInt32)}))
GROUP BY sender, recipient
