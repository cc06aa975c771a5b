-- What to look for stands in a table: the text of a mutation is kept by the engine, and must not name anybody.
ALTER TABLE hoptime_store.trace_events
DELETE WHERE match(concat(sender, ' ', recipient, ' ', original_recipient, ' ', message_id, ' ', smtp_reply, ' ', peer, ' ', transaction_id),
    (SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'erase'))
SETTINGS mutations_sync = 2
