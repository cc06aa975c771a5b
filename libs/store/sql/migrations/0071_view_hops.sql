-- Read with the rights of its maker, so that a role needs a grant on database hoptime only. Columns as documented in docs/sql.md.
CREATE OR REPLACE VIEW hoptime.hops
(
    journey_id String COMMENT 'joins journeys.journey_id',
    message_id Nullable(String) COMMENT 'as in journeys',
    recipient Nullable(String) COMMENT 'as in journeys',
    first_event_at DateTime64(3, 'UTC') COMMENT 'as in journeys',
    position UInt32 COMMENT 'place in the journey, from 1',
    hop_id String COMMENT 'name of the custody of this recipient: count hops that journeys share once by it',
    segment LowCardinality(String) COMMENT 'hes, upstream or downstream',
    mta LowCardinality(String) COMMENT 'name of the MTA as its own log gives it, lower case; hes is Trend Micro HES',
    product LowCardinality(String) COMMENT 'what wrote the log',
    queue_id Nullable(String) COMMENT 'queue id at this MTA; NULL: none',
    begun_at DateTime64(3, 'UTC') COMMENT 'first event of the custody',
    received_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when the MTA took responsibility; NULL: unknown',
    relayed_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when it handed the mail on or delivered it; NULL: not, or unknown',
    dwell_ms Nullable(Int64) COMMENT 'ms from received_at to relayed_at; NULL: one of them is unknown',
    transfer_ms Nullable(Int64) COMMENT 'ms from relayed_at of the hop before to received_at of this one: two clocks that read one moment; NULL: no hop before, or unknown',
    deferrals UInt32 COMMENT '4yz replies that this hop got',
    outcome LowCardinality(String) COMMENT 'last kind of event of the custody that decides: relayed, delivered, deferred, bounced, …; received where nothing more is known',
    next_mta LowCardinality(Nullable(String)) COMMENT 'MTA that took the mail next, by its reply; NULL: unknown or none',
    next_queue_id Nullable(String) COMMENT 'queue id that the next MTA named in its reply; NULL: none',
    reported_delay_ms Nullable(Int64) COMMENT 'delay that the MTA itself reports, ms; NULL: it does not',
    before_queue_ms Nullable(Int64) COMMENT 'ms before the queue manager (Postfix delays=a); NULL: not reported',
    in_queue_ms Nullable(Int64) COMMENT 'ms in the queue manager (b); NULL: not reported',
    connect_ms Nullable(Int64) COMMENT 'ms of connection setup (c); NULL: not reported',
    transmit_ms Nullable(Int64) COMMENT 'ms of transmission (d); NULL: not reported',
    smtp_reply Nullable(String) COMMENT 'last reply of the next MTA; NULL: none'
)
DEFINER = CURRENT_USER SQL SECURITY DEFINER
AS SELECT
    leftPad(lower(hex(journey_id)), 16, '0') AS journey_id,
    nullIf(message_id, '') AS message_id,
    nullIf(recipient, '') AS recipient,
    first_event_at,
    position,
    leftPad(lower(hex(h_leg_id)), 16, '0') AS hop_id,
    toString(h_segment) AS segment,
    toString(h_mta) AS mta,
    toString(h_product) AS product,
    nullIf(h_queue_id, '') AS queue_id,
    fromUnixTimestamp64Milli(h_begun_ms, 'UTC') AS begun_at,
    if(h_received_ms < 0, NULL, fromUnixTimestamp64Milli(h_received_ms, 'UTC')) AS received_at,
    if(h_relayed_ms < 0, NULL, fromUnixTimestamp64Milli(h_relayed_ms, 'UTC')) AS relayed_at,
    if(h_received_ms < 0 OR h_relayed_ms < 0, NULL, h_dwell_ms) AS dwell_ms,
    h_transfer_ms AS transfer_ms,
    h_deferrals AS deferrals,
    toString(h_outcome) AS outcome,
    nullIf(toString(h_next_mta), '') AS next_mta,
    nullIf(h_next_queue_id, '') AS next_queue_id,
    if(h_reported_delay_ms < 0, NULL, h_reported_delay_ms) AS reported_delay_ms,
    if(h_before_queue_ms < 0, NULL, h_before_queue_ms) AS before_queue_ms,
    if(h_in_queue_ms < 0, NULL, h_in_queue_ms) AS in_queue_ms,
    if(h_connect_ms < 0, NULL, h_connect_ms) AS connect_ms,
    if(h_transmit_ms < 0, NULL, h_transmit_ms) AS transmit_ms,
    nullIf(h_smtp_reply, '') AS smtp_reply
FROM hoptime_store.journeys
ARRAY JOIN
    arrayEnumerate(hops.mta) AS position, hops.leg_id AS h_leg_id, hops.segment AS h_segment, hops.mta AS h_mta, hops.product AS h_product, hops.queue_id AS h_queue_id,
    hops.begun_ms AS h_begun_ms, hops.received_ms AS h_received_ms, hops.relayed_ms AS h_relayed_ms, hops.dwell_ms AS h_dwell_ms,
    hops.transfer_ms AS h_transfer_ms, hops.deferrals AS h_deferrals, hops.outcome AS h_outcome, hops.next_mta AS h_next_mta,
    hops.next_queue_id AS h_next_queue_id, hops.reported_delay_ms AS h_reported_delay_ms, hops.before_queue_ms AS h_before_queue_ms,
    hops.in_queue_ms AS h_in_queue_ms, hops.connect_ms AS h_connect_ms, hops.transmit_ms AS h_transmit_ms, hops.smtp_reply AS h_smtp_reply
COMMENT 'One row per journey and MTA that had custody of the mail. A hop that several journeys share has the same hop_id in each.'
