-- Holds documented views only, so that a grant on hoptime.* opens nothing else.
CREATE DATABASE IF NOT EXISTS hoptime ENGINE = Atomic
