-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.coverage_daily
(
    day Date COMMENT 'day, UTC',
    journeys UInt64 COMMENT 'all journeys',
    via_hes UInt64 COMMENT 'journeys that passed HES',
    not_via_hes UInt64 COMMENT 'journeys of another known origin',
    unknown_origin UInt64 COMMENT 'journeys of which no evidence names the origin',
    matched_downstream UInt64 COMMENT 'journeys via HES of which a hop after HES is known',
    with_hes_ms UInt64 COMMENT 'journeys with a known hes_ms',
    with_downstream_ms UInt64 COMMENT 'journeys with a known downstream_ms',
    with_total_ms UInt64 COMMENT 'journeys with a known total_ms',
    complete UInt64 COMMENT 'journeys in state complete',
    relayed UInt64 COMMENT 'journeys in state relayed',
    in_flight UInt64 COMMENT 'journeys in state in_flight: quantiles over the others say less the more there are',
    bounced UInt64 COMMENT 'journeys in state bounced',
    rejected UInt64 COMMENT 'journeys in state rejected',
    expired UInt64 COMMENT 'journeys in state expired',
    quarantined UInt64 COMMENT 'journeys in state quarantined',
    deleted UInt64 COMMENT 'journeys in state deleted'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    toDate(first_event_at) AS day,
    count() AS journeys,
    countIf(via = 'yes') AS via_hes,
    countIf(via = 'no') AS not_via_hes,
    countIf(via = 'unknown') AS unknown_origin,
    countIf(via = 'yes' AND hop_count > 0) AS matched_downstream,
    count(hes_ms) AS with_hes_ms,
    count(downstream_ms) AS with_downstream_ms,
    count(total_ms) AS with_total_ms,
    countIf(state = 'complete') AS complete,
    countIf(state = 'relayed') AS relayed,
    countIf(state = 'in_flight') AS in_flight,
    countIf(state = 'bounced') AS bounced,
    countIf(state = 'rejected') AS rejected,
    countIf(state = 'expired') AS expired,
    countIf(state = 'quarantined') AS quarantined,
    countIf(state = 'deleted') AS deleted
FROM
(
    SELECT first_event_at, via_hes AS via, hop_count, hes_ms, downstream_ms, total_ms, state
    FROM hoptime_store.journeys
)
GROUP BY day
COMMENT 'One row per day: how many journeys there are, and for how many a figure can be computed. A journey counts on the day of its first event.'
