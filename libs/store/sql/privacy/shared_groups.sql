-- Of the expired groups those that stay, since a journey has one of them and one that is not expired: round 1. Repeated until there are no more.
INSERT INTO hoptime_store.stage_scope
SELECT DISTINCT hop_group, 1
FROM
(
    SELECT hops.group_hash AS groups
    FROM hoptime_store.journeys
    WHERE arrayExists(hop_group -> hop_group NOT IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0), groups)
)
ARRAY JOIN groups AS hop_group
WHERE hop_group IN (SELECT group_hash FROM hoptime_store.stage_scope GROUP BY group_hash HAVING max(round) = 0)
