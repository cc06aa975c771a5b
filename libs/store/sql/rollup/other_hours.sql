-- Hours of whole days of UTC that lie in another interval of a zone than the noon of their day.
SELECT hour
FROM
(
    SELECT
        toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC') + INTERVAL number HOUR AS hour,
        toStartOfDay(hour) + INTERVAL 12 HOUR AS noon
    FROM numbers(toUInt64(dateDiff('hour', {days_from:DateTime64(3, 'UTC')}, {days_to:DateTime64(3, 'UTC')})))
)
WHERE
    ({interval:String} = 'day' AND toStartOfDay(hour, {tz:String}) != toStartOfDay(noon, {tz:String}))
    OR ({interval:String} = 'month' AND toStartOfMonth(hour, {tz:String}) != toStartOfMonth(noon, {tz:String}))
