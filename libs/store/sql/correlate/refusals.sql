INSERT INTO hoptime_store.stage_refusals
SELECT sender, recipient, arraySort(groupUniqArray(toUnixTimestamp64Milli(event_time)))
FROM hoptime_store.{events:Identifier}
WHERE statement IN ('noqueue', 'reject', 'milter-reject') AND recipient != ''
    AND (arrayExists(suffix -> endsWith(peer, suffix), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_suffixes'))
        OR arrayExists((low, high) -> toIPv4OrDefault(peer_address) >= toIPv4(low) AND toIPv4OrDefault(peer_address) <= toIPv4(high),
            (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_lows'), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_highs')))
GROUP BY sender, recipient
