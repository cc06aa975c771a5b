-- A question reads a few hundred rows here and there: of blocks of 64 KiB most would be unpacked for nothing.
ALTER TABLE hoptime_store.property_histograms MODIFY SETTING min_compress_block_size = 4096
