-- Journeys of whole days of UTC, by what coverage counts by.
SELECT value, begins, state, via_hes, verdict, matched, journeys FROM hoptime_store.property_sums
WHERE
    property = {property:String} AND (empty({values:Array(String)}) OR value IN {values:Array(String)})
    AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
