-- Takes away whatever `property_sums` counts of a range of whole days (UTC), so that it can be counted anew.
INSERT INTO hoptime_store.property_sums
SELECT
    property, value, begins, state, via_hes, verdict, matched,
    -sum(r.journeys) AS taken_journeys,
    -sum(r.hes_count) AS taken_hes_count, -sum(r.hes_ms) AS taken_hes_ms,
    -sum(r.hes_processing_count) AS taken_hes_processing_count, -sum(r.hes_processing_ms) AS taken_hes_processing_ms,
    -sum(r.hes_waiting_count) AS taken_hes_waiting_count, -sum(r.hes_waiting_ms) AS taken_hes_waiting_ms,
    -sum(r.downstream_count) AS taken_downstream_count, -sum(r.downstream_ms) AS taken_downstream_ms,
    -sum(r.total_count) AS taken_total_count, -sum(r.total_ms) AS taken_total_ms
FROM hoptime_store.property_sums AS r
WHERE begins >= toDateTime({from:DateTime64(3, 'UTC')}, 'UTC') AND begins < toDateTime({to:DateTime64(3, 'UTC')}, 'UTC')
GROUP BY property, value, begins, state, via_hes, verdict, matched
SETTINGS max_partitions_per_insert_block = 0
