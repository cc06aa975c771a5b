-- Adds what some journeys add to the sums, or takes it away (sign -1).
INSERT INTO hoptime_store.property_sums
SELECT
    property, value, begins, state, via_hes, verdict, matched,
    {sign:Int8} * journeys,
    {sign:Int8} * hes_count, {sign:Int8} * hes_ms,
    {sign:Int8} * hes_processing_count, {sign:Int8} * hes_processing_ms,
    {sign:Int8} * hes_waiting_count, {sign:Int8} * hes_waiting_ms,
    {sign:Int8} * downstream_count, {sign:Int8} * downstream_ms,
    {sign:Int8} * total_count, {sign:Int8} * total_ms
FROM hoptime_store.rollup_rows
SETTINGS max_partitions_per_insert_block = 0
