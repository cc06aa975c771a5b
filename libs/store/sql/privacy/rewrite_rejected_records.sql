INSERT INTO hoptime_store.rejected_records
SELECT input_id, line, cityHash64(rewritten), source, reason, rewritten, rejected_at
FROM
(
    SELECT
        * EXCEPT (text),
        replaceRegexpAll(
            replaceRegexpAll(replaceRegexpAll(text, {pattern:String}, {replacement:String}), {pattern:String}, {replacement:String}),
            {word_pattern:String}, {word_replacement:String}) AS rewritten
    FROM hoptime_store.rejected_records
    WHERE match(text, {pattern:String})
)
