-- Which version of some hours, and of their days (seconds since 1970), counts.
SELECT toString(span) AS span, toUInt32(begins) AS at, max(version) AS version
FROM hoptime_store.rollup_versions
WHERE (span = 'hour' AND has({hours:Array(UInt32)}, toUInt32(begins))) OR (span = 'day' AND has({days:Array(UInt32)}, toUInt32(begins)))
GROUP BY span, at
SETTINGS max_threads = 1
