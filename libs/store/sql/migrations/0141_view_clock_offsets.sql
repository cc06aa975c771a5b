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
    max_ms Int64 COMMENT 'largest transfer, ms',
    estimate_ms Int64 COMMENT 'by how many ms the clock of to_mta is ahead of that of from_mta (negative: behind): mean of the middle half of the transfers, and half of what the coarser stamps cut off',
    lower_ms Int64 COMMENT 'that lead is at least this, ms',
    upper_ms Int64 COMMENT 'and at most this, ms: docs/clocks.md says how both are found and what they take for granted',
    from_resolution_ms Int64 COMMENT 'resolution of the stamps of from_mta as seen in this hour: 1, 1000 or 60000 ms',
    to_resolution_ms Int64 COMMENT 'the same of to_mta',
    transmission_ms Int64 COMMENT 'median time of the transmission as from_mta reports it, ms; 1000 where it does not'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    hour, from_mta, to_mta, transfers, offset_ms, spread_ms, min_ms, max_ms, estimate_ms, lower_ms, upper_ms, from_resolution_ms, to_resolution_ms, transmission_ms
FROM hoptime_store.clock_hours(from = '1970-01-01 00:00:00.000', to = '2200-01-01 00:00:00.000')
COMMENT 'One row per pair of MTAs and hour in which mail passed from one to the other. Both ends of a transfer are one SMTP transaction, so its median estimates how far the clock of to_mta is ahead of that of from_mta (negative: behind), plus the time of the transaction itself. What HES is not known to have said itself, and what only a mail file tells of the MTA before, is no transfer between two clocks and not counted.'
