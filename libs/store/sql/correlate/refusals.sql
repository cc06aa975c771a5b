-- What MTAs refused to HES clients, by envelope. Sendmail names the sender, and for a milter's refusal the client, in the from= line of the queue id.
INSERT INTO hoptime_store.stage_refusals
SELECT sender, recipient, arraySort(groupUniqArray(at_ms))
FROM
(
    SELECT
        if(e.sender = '', q.sender, e.sender) AS sender, e.recipient AS recipient, toUnixTimestamp64Milli(e.event_time) AS at_ms,
        if(e.peer = '' AND e.peer_address = '', q.peer, e.peer) AS peer, if(e.peer = '' AND e.peer_address = '', q.peer_address, e.peer_address) AS peer_address
    FROM (SELECT * FROM hoptime_store.{events:Identifier} WHERE statement IN ('noqueue', 'reject', 'milter-reject') AND recipient != '') AS e
    LEFT JOIN
    (
        SELECT group_hash, max(sender) AS sender, max(peer) AS peer, max(peer_address) AS peer_address
        FROM hoptime_store.{events:Identifier}
        WHERE product = 'sendmail' AND statement IN ('client', 'queue-active')
            AND group_hash IN (SELECT group_hash FROM hoptime_store.{events:Identifier} WHERE product = 'sendmail' AND statement IN ('reject', 'milter-reject'))
        GROUP BY group_hash
    ) AS q USING (group_hash)
)
WHERE arrayExists(suffix -> endsWith(peer, suffix), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_suffixes'))
    OR match(peer, (SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'hes_pattern'))
    OR arrayExists((low, high) -> toIPv4OrDefault(peer_address) >= toIPv4(low) AND toIPv4OrDefault(peer_address) <= toIPv4(high), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_lows'), (SELECT numbers FROM hoptime_store.stage_parameters WHERE name = 'hes_highs'))
    OR (position(peer_address, ':') > 0 AND arrayExists((low, high) -> toIPv6OrDefault(peer_address) >= toIPv6(low) AND toIPv6OrDefault(peer_address) <= toIPv6(high),
        (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_lows_6'), (SELECT texts FROM hoptime_store.stage_parameters WHERE name = 'hes_highs_6')))
GROUP BY sender, recipient
