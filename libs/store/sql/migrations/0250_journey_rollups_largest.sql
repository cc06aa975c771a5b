-- The largest delay of each segment, so that the largest of all journeys is not looked for in the histograms of `delay_rollups`.
ALTER TABLE hoptime_store.journey_rollups ADD COLUMN IF NOT EXISTS hes_max_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS hes_processing_max_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS hes_waiting_max_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS downstream_max_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS total_max_ms Nullable(Int64)
