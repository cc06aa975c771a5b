-- Rows of `property_sums` of whole days of UTC.
SELECT * EXCEPT (property) FROM hoptime_store.property_sums
WHERE
    property = {property:String} AND (empty({values:Array(String)}) OR value IN {values:Array(String)})
    AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
