-- Ownerships of a queue id (delay model §4.2). A queue id with one beginning that explains all its lines needs no row here: almost all.
-- Only minima and maxima decide that, so repeated events change nothing.
INSERT INTO hoptime_store.stage_begins
SELECT group_hash, arrayMap(b -> b.1, begins), arrayMap(b -> b.2, begins)
FROM
(
    SELECT
        group_hash,
        -- (time, kind, statement) in the order of the law; kind 0 = opened, 12 = closed; statement 0 client, 1 pickup, 2 message-id
        arrayDistinct(arraySort(groupArrayIf((toUnixTimestamp64Milli(event_time), toInt8(kind), toInt8(statement)), kind IN ('opened', 'closed')))) AS marks,
        -- client= and pickup always begin one; message-id= does when the mark before it is not the client= of the same message
        arrayMap(i -> (marks[i].1, toUInt8(marks[i].3 = 0)),
            arrayFilter(i -> marks[i].2 = 0 AND (marks[i].3 < 2 OR i = 1 OR marks[i - 1].2 = 12 OR marks[i - 1].3 = 2), arrayEnumerate(marks))) AS opened,
        arrayMap(m -> m.1, arrayFilter(m -> m.2 = 12, marks)) AS closes,
        -- what comes later than a second after `removed`, without a beginning of its own, is of an ownership whose beginning is not in the logs
        arrayMap(c -> (c + 1000, toUInt8(0)),
            arrayFilter(c -> arrayCount(x -> x <= c, closes) >= arrayCount(o -> o.1 <= c, opened)
                AND NOT arrayExists(o -> o.1 > c AND o.1 <= c + 1000, opened), closes)) AS bounds,
        arraySort(arrayConcat(opened, bounds)) AS begins
    FROM hoptime_store.{events:Identifier}
    WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64} AND queue_id != '' AND group_hash IN
    (
        SELECT group_hash
        FROM
        (
            SELECT
                group_hash,
                min(event_time) AS first_time,
                countIf(kind = 'closed') AS closings,
                minIf(event_time, kind = 'closed') AS first_closed,
                maxIf(event_time, kind != 'closed') AS last_open_time,
                countIf(statement IN ('client', 'pickup')) AS clients,
                minIf(event_time, statement IN ('client', 'pickup')) AS first_client,
                maxIf(event_time, statement IN ('client', 'pickup')) AS last_client,
                countIf(statement = 'message-id') AS ids,
                minIf(event_time, statement = 'message-id') AS first_id,
                maxIf(event_time, statement = 'message-id') AS last_id,
                countIf(statement = 'delivery' AND delay_ms >= 0) AS delays,
                minIf(toUnixTimestamp64Milli(event_time) - delay_ms + 1000 + time_resolution_ms + delay_unit_ms, statement = 'delivery' AND delay_ms >= 0) AS first_arrival
            FROM hoptime_store.{events:Identifier}
            WHERE group_hash >= {from:UInt64} AND group_hash <= {to:UInt64} AND queue_id != ''
            GROUP BY group_hash
            HAVING clients + ids + closings > 0 AND
            (
                (clients > 0 AND first_client != last_client) OR (ids > 0 AND first_id != last_id)
                OR (closings > 0 AND last_open_time > first_closed)
                OR (clients + ids > 0 AND first_time < if(clients > 0, first_client, first_id))
                OR (delays > 0 AND clients > 0 AND first_arrival < toUnixTimestamp64Milli(first_client))
            )
        )
    )
    GROUP BY group_hash
)
SETTINGS max_threads = 1, query_plan_enable_optimizations = {plan_optimized:UInt8}
