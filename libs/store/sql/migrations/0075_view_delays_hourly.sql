-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.delays_hourly
(
    hour DateTime('UTC') COMMENT 'begin of the hour, UTC',
    segment String COMMENT 'hes, hes_processing, hes_waiting, downstream or total: parts of journeys, as their columns of that name',
    count UInt64 COMMENT 'journeys with a figure for this segment',
    sum_ms Int64 COMMENT 'sum of the figures, ms: with count it gives means of any range',
    mean_ms Int64 COMMENT 'mean, ms, rounded',
    p50_ms Int64 COMMENT 'median, ms: the smallest figure with at least half of all at or below it',
    p75_ms Int64 COMMENT '75 % quantile, ms',
    p90_ms Int64 COMMENT '90 % quantile, ms',
    p95_ms Int64 COMMENT '95 % quantile, ms',
    p99_ms Int64 COMMENT '99 % quantile, ms',
    p999_ms Int64 COMMENT '99.9 % quantile, ms',
    max_ms Int64 COMMENT 'largest figure, ms',
    under_1min UInt64 COMMENT 'journeys strictly under 1 minute: counts, unlike shares, can be added up',
    under_5min UInt64 COMMENT 'journeys strictly under 5 minutes',
    under_10min UInt64 COMMENT 'journeys strictly under 10 minutes',
    share_under_1min Float64 COMMENT 'under_1min / count',
    share_under_5min Float64 COMMENT 'under_5min / count',
    share_under_10min Float64 COMMENT 'under_10min / count'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    toStartOfHour(first_event_at) AS hour,
    segment,
    count() AS count,
    sum(ms) AS sum_ms,
    toInt64(floor(sum_ms / count + 0.5)) AS mean_ms,
    -- with weight 1 this is the nearest rank, exactly; quantiles() would be an estimate
    quantileExactWeighted(0.5)(ms, 1) AS p50_ms,
    quantileExactWeighted(0.75)(ms, 1) AS p75_ms,
    quantileExactWeighted(0.9)(ms, 1) AS p90_ms,
    quantileExactWeighted(0.95)(ms, 1) AS p95_ms,
    quantileExactWeighted(0.99)(ms, 1) AS p99_ms,
    quantileExactWeighted(0.999)(ms, 1) AS p999_ms,
    max(ms) AS max_ms,
    countIf(ms < 60000) AS under_1min,
    countIf(ms < 300000) AS under_5min,
    countIf(ms < 600000) AS under_10min,
    under_1min / count AS share_under_1min,
    under_5min / count AS share_under_5min,
    under_10min / count AS share_under_10min
FROM
(
    SELECT first_event_at, segment, assumeNotNull(duration_ms) AS ms
    FROM hoptime_store.journeys
    ARRAY JOIN
        ['hes', 'hes_processing', 'hes_waiting', 'downstream', 'total'] AS segment,
        [hes_ms, hes_processing_ms, hes_waiting_ms, downstream_ms, total_ms] AS duration_ms
    WHERE duration_ms IS NOT NULL
)
GROUP BY hour, segment
COMMENT 'One row per hour and segment, over the journeys whose first event lies in the hour and that have a figure for the segment. Quantiles are exact (nearest rank); they cannot be averaged: ask journeys for other ranges.'
