-- What the steps after the scope must know of its events: how many, whether HES or a mail's header about HES tells of anything, and which MTAs are told of, by
-- which products.
SELECT
    count() AS events,
    countIf(product = 'trend-email-security' OR mta = 'hes') AS of_hes,
    groupUniqArrayIf((toString(mta), toString(product)), mta NOT IN ('', 'hes')) AS mtas
FROM hoptime_store.stage_events
SETTINGS max_threads = 1
