-- Whatever is added to `property_sums`, or taken away, is in the totals too. An insert adds up its own rows by their key.
CREATE MATERIALIZED VIEW IF NOT EXISTS hoptime_store.total_sums TO hoptime_store.property_totals AS
SELECT
    property, value, begins, journeys, hes_count, hes_ms, hes_processing_count, hes_processing_ms, hes_waiting_count, hes_waiting_ms,
    downstream_count, downstream_ms, total_count, total_ms
FROM hoptime_store.property_sums
