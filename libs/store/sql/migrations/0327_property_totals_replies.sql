-- As 0325. What is added to `property_sums` comes here.
ALTER TABLE hoptime_store.property_totals MODIFY COLUMN property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3, 'reply' = 7)
