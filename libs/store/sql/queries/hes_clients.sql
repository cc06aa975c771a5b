-- Clients that MTAs met under a name of HES or TMES, or from its addresses (delay model §4.5): what an allow-list has to let in. The latest first.
SELECT
  address,
  name,
  mtas,
  events,
  first_at,
  last_at
FROM
(
  SELECT
    peer_address AS address,
    peer AS name,
    arraySort(groupUniqArray(50)(toString(mta))) AS mtas,
    uniqExact(event_id) AS events,
    concat(replaceOne(toString(min(event_time)), ' ', 'T'), 'Z') AS first_at,
    concat(replaceOne(toString(max(event_time)), ' ', 'T'), 'Z') AS last_at
  FROM hoptime_store.trace_events
  WHERE peer_address != '' AND mta NOT IN ('', 'hes')
    AND event_time >= fromUnixTimestamp64Milli({from_ms:Int64}, 'UTC') AND event_time < fromUnixTimestamp64Milli({to_ms:Int64}, 'UTC')
  GROUP BY peer_address, peer
)
WHERE
  arrayExists(suffix -> endsWith(name, suffix), {suffixes:Array(String)})
  OR match(name, {pattern:String})
  OR ((isIPv4String(address) OR isIPv6String(address)) AND arrayExists(network -> isIPAddressInRange(address, network), {networks:Array(String)}))
ORDER BY last_at DESC, address, name
LIMIT 5000
