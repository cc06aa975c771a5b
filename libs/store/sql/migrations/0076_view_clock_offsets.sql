-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.clock_offsets
(
    hour DateTime('UTC') COMMENT 'begin of the hour of received_at at to_mta, UTC',
    from_mta String COMMENT 'MTA that handed the mail over; hes is Trend Micro HES',
    to_mta String COMMENT 'MTA that took it',
    transfers UInt64 COMMENT 'transfers that the estimate rests on, each once however many journeys share it: of one or two it says little',
    offset_ms Int64 COMMENT 'median of the transfers, ms',
    spread_ms Int64 COMMENT '75 % quantile minus 25 % quantile of the transfers, ms',
    min_ms Int64 COMMENT 'smallest transfer, ms',
    max_ms Int64 COMMENT 'largest transfer, ms'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    toStartOfHour(fromUnixTimestamp64Milli(received_ms, 'UTC')) AS hour,
    from_mta,
    to_mta,
    count() AS transfers,
    quantileExactWeighted(0.5)(ms, 1) AS offset_ms,
    quantileExactWeighted(0.75)(ms, 1) - quantileExactWeighted(0.25)(ms, 1) AS spread_ms,
    min(ms) AS min_ms,
    max(ms) AS max_ms
FROM
(
    SELECT from_mta, to_mta, leg_id, min(received_ms) AS received_ms, min(ms) AS ms
    FROM
    (
        SELECT
            toString(hops.mta[place - 1]) AS from_mta,
            toString(hops.mta[place]) AS to_mta,
            hops.leg_id[place] AS leg_id,
            hops.received_ms[place] AS received_ms,
            assumeNotNull(hops.transfer_ms[place]) AS ms,
            hops.transfer_ms[place] IS NOT NULL AS is_known
        FROM hoptime_store.journeys
        ARRAY JOIN arrayEnumerate(hops.mta) AS place
        WHERE place > 1 AND is_known AND received_ms >= 0
    )
    GROUP BY from_mta, to_mta, leg_id
)
GROUP BY hour, from_mta, to_mta
COMMENT 'One row per pair of MTAs and hour in which mail passed from one to the other. Both ends of a transfer are one SMTP transaction, so its median estimates how far the clock of to_mta is ahead of that of from_mta (negative: behind), plus the time of the transaction itself, and its spread bounds the error. An estimate only: no figure of any view is corrected by it.'
