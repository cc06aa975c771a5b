-- Limits of those who read the views on a server. `readonly = 2`: they may read and set harmless settings, as SQL clients do, and nothing else.
CREATE SETTINGS PROFILE OR REPLACE hoptime_viewer
SETTINGS readonly = 2 CONST,
    max_execution_time = {max_seconds:UInt64} MAX {max_seconds:UInt64},
    max_memory_usage = {max_memory:UInt64} MAX {max_memory:UInt64},
    max_result_bytes = {max_result:UInt64} MAX {max_result:UInt64},
    result_overflow_mode = 'throw' CONST,
    max_concurrent_queries_for_user = 20 MAX 20
