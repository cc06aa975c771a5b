-- Whether HES, or a mail's header about HES, tells of anything: 1 or 0.
SELECT count() AS found
FROM (SELECT 1 FROM hoptime_store.{events:Identifier} WHERE product = 'trend-email-security' OR mta = 'hes' LIMIT 1)
