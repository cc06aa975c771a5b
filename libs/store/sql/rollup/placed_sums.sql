-- Rows of `property_sums` of a range: kept for whole days of UTC, from the journeys beside them.
SELECT *
FROM
(
    SELECT * EXCEPT (property) FROM hoptime_store.property_sums
    WHERE
        property = {property:String}
        AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
    UNION ALL
    SELECT * EXCEPT (property) FROM hoptime_store.rollup_rows
)
WHERE empty({values:Array(String)}) OR value IN {values:Array(String)}
