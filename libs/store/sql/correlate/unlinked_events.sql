-- Events of the queue ids that stage_linked_groups does not name: each has one ownership, 0. Looking its beginnings up would cost a tenth of all that is made of them.
SELECT *, greatest(0, toUnixTimestamp64Milli(event_time)) AS at_ms, toInt32(0) AS own
FROM hoptime_store.{events:Identifier}
WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64}
    AND product != 'trend-email-security' AND mta != 'hes' AND statement != 'noqueue' AND kind != 'closed'
    AND group_hash NOT IN (SELECT group_hash FROM hoptime_store.stage_linked_groups WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64})
