-- Delays per day (UTC) of the first event and value of one property of journeys, one row per histogram, with the buckets of `delay_rollups`: of all journeys,
-- per domain, of the dwell per MTA and product, and of the transfer per pair of MTAs; per hour too, but for domains. `count` is of all hops or links, `known`
-- of those whose dwell or transfer is known, which are in the histogram. A `crossing` is a journey that begins in another hour than its first hop does, by
-- clocks that differ: its hops may stand in two hours, so hops are not added up where there is one. Rows are added and taken away (counts below 0) as journeys
-- come and go, and add up when parts are merged, bucket by bucket (the engine does so for names that end with Map): sum them. They count while `rollup_marks`
-- says so. A question reads some hundred rows here and there, hence the short granules and blocks.
CREATE TABLE IF NOT EXISTS hoptime_store.property_histograms
(
    property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3, 'mta' = 4, 'link' = 5, 'crossing' = 6),
    value LowCardinality(String),
    -- of an MTA its product, of a link the next MTA
    detail LowCardinality(String),
    segment Enum8('hes' = 1, 'hes_processing' = 2, 'hes_waiting' = 3, 'downstream' = 4, 'total' = 5, 'dwell' = 6, 'transfer' = 7),
    span Enum8('hour' = 1, 'day' = 2),
    begins DateTime('UTC'),
    count Int64,
    known Int64,
    sum_ms Int64,
    under_1_min Int64,
    under_5_min Int64,
    under_10_min Int64,
    deferrals Int64,
    histogramMap Nested(bucket Int16, count Int64, sum_ms Int64)
)
ENGINE = SummingMergeTree
PARTITION BY toYYYYMM(begins)
ORDER BY (property, span, segment, value, toHour(begins), begins, detail)
SETTINGS index_granularity = 32, min_compress_block_size = 16384
