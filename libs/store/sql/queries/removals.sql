-- What retention and erasure took away, by table.
SELECT toString(cause) AS cause, toString(what) AS what, sum(removed) AS removed, max(at) AS last_at
FROM hoptime_store.removals
GROUP BY cause, what
ORDER BY cause, what
