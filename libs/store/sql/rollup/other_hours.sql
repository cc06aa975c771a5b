-- Hours of a range and of the whole days of UTC that are read for it, which lie in another interval of a zone than the noon of their day.
SELECT hour
FROM
(
    SELECT
        greatest(toDateTime({from:DateTime64(3, 'UTC')}, 'UTC'), toDateTime({days_from:DateTime64(3, 'UTC')}, 'UTC')) AS first,
        least(toDateTime({to:DateTime64(3, 'UTC')}, 'UTC'), toDateTime({days_to:DateTime64(3, 'UTC')}, 'UTC')) AS last,
        arrayJoin(range(toUInt64(dateDiff('hour', first, last)))) AS number,
        first + INTERVAL number HOUR AS hour,
        toStartOfDay(hour) + INTERVAL 12 HOUR AS noon
)
WHERE
    ({interval:String} = 'day' AND toStartOfDay(hour, {tz:String}) != toStartOfDay(noon, {tz:String}))
    OR ({interval:String} = 'month' AND toStartOfMonth(hour, {tz:String}) != toStartOfMonth(noon, {tz:String}))
