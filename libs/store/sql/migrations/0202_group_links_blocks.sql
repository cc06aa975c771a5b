-- A look-up reads one granule (4 KB of a column) of each part; in blocks of 64 KB, the default, it would read and check sixteen.
ALTER TABLE hoptime_store.group_links MODIFY SETTING min_compress_block_size = 4096
