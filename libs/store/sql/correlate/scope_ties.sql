-- The next round: groups tied to those of the round before, as far as they are not in yet. Refusals are evidence of the transactions that they
-- may have delayed; only a new refusal touches these.
INSERT INTO hoptime_store.stage_scope
SELECT DISTINCT group_hash, {round:UInt8} + 1
FROM hoptime_store.group_links
-- One column finds nearly all: read with its role for each, and looked up by both, it would take half as long again.
PREWHERE link_hash IN (SELECT link_hash FROM hoptime_store.stage_links WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope WHERE round = {round:UInt8}))
WHERE (bitXor(link_hash, 0), role) IN
(
    SELECT link_hash, CAST(transform(toString(role), ['key', 'owns', 'names', 'envelope', 'refusal'], ['key', 'names', 'owns', 'refusal', 'envelope'], ''),
        'Enum8(\'key\' = 0, \'owns\' = 1, \'names\' = 2, \'envelope\' = 3, \'refusal\' = 4)')
    FROM hoptime_store.stage_links
    WHERE group_hash IN (SELECT group_hash FROM hoptime_store.stage_scope WHERE round = {round:UInt8}) AND (role != 'refusal' OR {round:UInt8} = 0)
)
AND group_hash NOT IN (SELECT group_hash FROM hoptime_store.stage_scope)
SETTINGS max_threads = 1
