ALTER TABLE hoptime_store.rejected_records
DELETE WHERE match(text, (SELECT texts[1] FROM hoptime_store.stage_parameters WHERE name = 'erase'))
SETTINGS mutations_sync = 2
