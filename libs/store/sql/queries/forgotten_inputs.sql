SELECT toString(input_id) AS id FROM hoptime_store.inputs FINAL WHERE state = 'forgotten'
