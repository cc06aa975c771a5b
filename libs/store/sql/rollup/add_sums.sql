-- What journeys add to `property_sums`, or take away (`sign` -1): of all, of the domains of recipient and sender, and of replies.
INSERT INTO hoptime_store.property_sums
SELECT
    place.1 AS property, place.2 AS value, toStartOfDay(first_event_at) AS begins, state, via_hes, verdict, toUInt8(hop_count > 0) AS matched,
    sum(sign) AS journeys,
    sum(if(hes_ms IS NULL, 0, sign)) AS hes_count, sum(sign * ifNull(hes_ms, 0)) AS hes_sum,
    sum(if(hes_processing_ms IS NULL, 0, sign)) AS processing_count, sum(sign * ifNull(hes_processing_ms, 0)) AS processing_sum,
    sum(if(hes_waiting_ms IS NULL, 0, sign)) AS waiting_count, sum(sign * ifNull(hes_waiting_ms, 0)) AS waiting_sum,
    sum(if(downstream_ms IS NULL, 0, sign)) AS downstream_count, sum(sign * ifNull(downstream_ms, 0)) AS downstream_sum,
    sum(if(total_ms IS NULL, 0, sign)) AS total_count, sum(sign * ifNull(total_ms, 0)) AS total_sum
FROM hoptime_store.added_journeys
ARRAY JOIN arrayConcat([('all', ''), ('recipient_domain', toString(recipient_domain)), ('sender_domain', toString(sender_domain))], arrayMap(reply -> ('reply', toString(reply)), replies)) AS place
GROUP BY property, value, begins, state, via_hes, verdict, matched
HAVING (journeys, hes_count, hes_sum, processing_count, processing_sum, waiting_count, waiting_sum, downstream_count, downstream_sum, total_count, total_sum) != (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
SETTINGS max_partitions_per_insert_block = 0, max_threads = {threads:UInt8}, query_plan_enable_optimizations = {plan_optimized:UInt8}
