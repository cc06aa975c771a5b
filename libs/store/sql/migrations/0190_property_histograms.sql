-- Delays per day (UTC) of the first event and value of one property of journeys, as histograms with the buckets of `delay_rollups`: of all journeys, per
-- domain, of the dwell per MTA and product, and of the transfer per pair of MTAs; per hour too, but for domains. Of hops and links each counts, also in
-- bucket -32768, where the dwell or the transfer is not known. A `crossing` is a journey that begins in another hour than its first hop does, by clocks that
-- differ: its hops may stand in two hours, so hops are not added up where there is one. Rows are added and taken away (counts below 0) as journeys come and
-- go, and add up when parts are merged: sum them. They count while `rollup_marks` says so.
CREATE TABLE IF NOT EXISTS hoptime_store.property_histograms
(
    property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3, 'mta' = 4, 'link' = 5, 'crossing' = 6),
    value LowCardinality(String),
    -- of an MTA its product, of a link the next MTA
    detail LowCardinality(String),
    segment Enum8('hes' = 1, 'hes_processing' = 2, 'hes_waiting' = 3, 'downstream' = 4, 'total' = 5, 'dwell' = 6, 'transfer' = 7),
    span Enum8('hour' = 1, 'day' = 2),
    begins DateTime('UTC'),
    bucket Int16,
    limits_reached UInt8,
    count Int64,
    sum_ms Int64,
    deferrals Int64
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY (property, value, segment, span, begins, detail, bucket, limits_reached)
SETTINGS index_granularity = 512
