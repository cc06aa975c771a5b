-- A journey counts under each of its replies, per day, as domains do.
ALTER TABLE hoptime_store.property_histograms MODIFY COLUMN property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3, 'mta' = 4, 'link' = 5, 'crossing' = 6, 'reply' = 7)
