-- Journeys of whole days of UTC by value, and their delays of one segment.
SELECT value, journeys, {count:Identifier} AS known, {duration:Identifier} AS ms FROM hoptime_store.property_totals
WHERE
    property = {property:String}
    AND begins >= toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')
