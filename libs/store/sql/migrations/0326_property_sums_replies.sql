-- As 0325.
ALTER TABLE hoptime_store.property_sums MODIFY COLUMN property Enum8('all' = 1, 'recipient_domain' = 2, 'sender_domain' = 3, 'reply' = 7)
