-- Events of the queue ids of stage_linked_groups, each with the ownership that it is of: those of several are always among them.
SELECT
    e.*,
    greatest(0, toUnixTimestamp64Milli(event_time)) AS at_ms,
    arrayCount(b -> b <= at_ms, begins_ms) AS latest,
    at_ms - delay_ms + 1000 + time_resolution_ms + delay_unit_ms AS arrival_bound,
    -- delay= reaches back before the beginning: the ownership before, when that explains it, else one whose beginning is not in the logs
    multiIf(
        statement != 'delivery' OR delay_ms < 0 OR latest = 0 OR by_client[latest] = 0 OR arrival_bound >= begins_ms[latest], toInt32(latest),
        latest > 1 AND arrival_bound >= begins_ms[latest - 1], toInt32(latest - 1),
        -toInt32(latest)) AS own
FROM
(
    SELECT * FROM hoptime_store.{events:Identifier}
    WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}
        AND product != 'trend-email-security' AND mta != 'hes' AND statement != 'noqueue' AND kind != 'closed'
        AND group_hash IN (SELECT group_hash FROM hoptime_store.stage_linked_groups WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64})
) AS e
LEFT JOIN (SELECT * FROM hoptime_store.stage_begins WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}) AS b USING (group_hash)
