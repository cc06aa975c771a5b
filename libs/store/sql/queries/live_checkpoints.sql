-- The newest checkpoint of each watched file, newest first. 64-bit numbers as text: JSON numbers lose digits.
SELECT toString(input_id) AS inputId, path, toString(device) AS device, toString(inode) AS inode, toUInt32(packed) AS packed,
    toString(size) AS size, toString(modified_ms) AS modifiedMs, toString(manner) AS manner, format, framing, options, surveyed, prologue,
    toString(position) AS position, toString(lines) AS lines, head_bytes AS headBytes, head, tail, sha256, hash_state AS hashState,
    toString(records) AS records, toString(parsed) AS parsed, toString(skipped) AS skipped, toString(rejected) AS rejected,
    toString(events) AS events, toString(last_event_ms) AS lastEventMs
FROM hoptime_store.live_checkpoints FINAL
ORDER BY version DESC, input_id
LIMIT 100000
