-- The views read the tables with the rights of their maker, so nothing else is needed.
GRANT SELECT, SHOW ON hoptime.* TO hoptime_viewer
