-- Who reads the views: give it to users by GRANT hoptime_viewer TO name.
CREATE ROLE IF NOT EXISTS hoptime_viewer SETTINGS PROFILE 'hoptime_viewer'
