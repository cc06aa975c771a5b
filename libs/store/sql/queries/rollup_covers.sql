-- Whether the rollups know the hours of a range: whether they are in line with the journeys, how many of these they count in these hours, how many
-- journeys of these hours lie beside the range.
SELECT
  (SELECT argMax(in_line, version) FROM hoptime_store.rollup_marks) AS in_line,
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
