INSERT INTO hoptime_store.stage_refusals
SELECT sender, recipient, arraySort(groupUniqArray(toUnixTimestamp64Milli(event_time)))
FROM hoptime_store.{events:Identifier}
WHERE statement IN ('noqueue', 'reject', 'milter-reject') AND recipient != ''
    AND (arrayExists(suffix -> endsWith(peer, suffix), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_suffixes'))
        OR match(peer, (SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'hes_pattern'))
        OR arrayExists((low, high) -> toIPv4OrDefault(peer_address) >= toIPv4(low) AND toIPv4OrDefault(peer_address) <= toIPv4(high), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_lows'), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_highs'))
        OR (position(peer_address, ':') > 0 AND arrayExists((low, high) -> toIPv6OrDefault(peer_address) >= toIPv6(low) AND toIPv6OrDefault(peer_address) <= toIPv6(high),
            (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_lows_6'), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_highs_6'))))
GROUP BY sender, recipient
