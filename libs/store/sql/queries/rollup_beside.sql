-- How many journeys of whole hours lie beside a range in them.
SELECT count() AS beside
FROM hoptime_store.journeys
WHERE
  (first_event_at >= {hours_from:DateTime64(3, 'UTC')} AND first_event_at < {from:DateTime64(3, 'UTC')})
  OR (first_event_at >= {to:DateTime64(3, 'UTC')} AND first_event_at < {hours_to:DateTime64(3, 'UTC')})
