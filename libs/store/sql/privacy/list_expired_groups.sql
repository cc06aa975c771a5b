-- The groups that expire, once for each shard.
INSERT INTO hoptime_store.expired_groups
SELECT arrayJoin(range({shards:UInt32})) AS shard, group_hash
FROM (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
