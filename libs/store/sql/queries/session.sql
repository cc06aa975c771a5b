-- Who a session is of, unless it was ended.
SELECT
  argMax(key_id, version) AS key_id,
  argMax(name, version) AS name,
  argMax(role, version) AS role,
  argMax(domains, version) AS domains,
  toUnixTimestamp64Milli(max(until)) AS until_ms
FROM hoptime_store.sessions
WHERE session_hash = {session_hash:String}
GROUP BY session_hash
HAVING max(version) < {ended:UInt8}
