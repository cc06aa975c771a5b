-- The newest entries of the audit log in a range. '' is unknown, and so is a status of 0.
SELECT
  replaceOne(toString(entry.at), ' ', 'T') || 'Z' AS at,
  nullIf(entry.key_id, '') AS key_id,
  nullIf(entry.key_name, '') AS key_name,
  nullIf(toString(entry.role), '') AS role,
  address,
  toString(entry.method) AS method,
  toString(entry.route) AS route,
  target,
  nullIf(entry.status, 0) AS status
FROM hoptime_store.audit_log AS entry
WHERE entry.at >= {from:DateTime64(3, 'UTC')} AND entry.at < {to:DateTime64(3, 'UTC')}
ORDER BY entry.at DESC, entry.route, entry.target
LIMIT {limit:UInt32}
