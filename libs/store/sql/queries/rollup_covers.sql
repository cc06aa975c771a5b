-- Whether the rollups know the hours of a range: how many journeys these hours hold, how many of them lie beside the range, how many the rollups count.
SELECT
  (
    SELECT count()
    FROM hoptime_store.journeys
    WHERE first_event_at >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND first_event_at < {hours_to:DateTime64(3, 'UTC')}
  ) AS journeys,
  (
    SELECT count()
    FROM hoptime_store.journeys
    WHERE
      (first_event_at >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND first_event_at < {from:DateTime64(3, 'UTC')})
      OR (first_event_at >= {to:DateTime64(3, 'UTC')} AND first_event_at < {hours_to:DateTime64(3, 'UTC')})
  ) AS beside,
  (
    SELECT sum(latest)
    FROM
    (
      SELECT argMax(journeys, version) AS latest
      FROM hoptime_store.rollup_versions
      WHERE span = 'hour' AND begins >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND begins < toDateTime({hours_to:DateTime64(3, 'UTC')}, 'UTC')
      GROUP BY begins
    )
  ) AS rolled
