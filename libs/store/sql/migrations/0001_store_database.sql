-- Tables live here; views for the outside live in database hoptime. Atomic, because chDB's default database is an Overlay.
CREATE DATABASE IF NOT EXISTS hoptime_store ENGINE = Atomic
