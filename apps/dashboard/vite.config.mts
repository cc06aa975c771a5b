import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Writes `.gz` beside every script and style sheet, so that the server compresses nothing while it answers. */
function precompressed(): Plugin {
  return {
    name: 'precompressed',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (dir === undefined) throw new Error('precompressed needs an output folder');
      for (const name of Object.keys(bundle).filter((file) => /\.(js|css)$/.test(file))) {
        writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // relative, so that the dashboard also works behind a proxy that puts it under a path of its own
  base: './',
  build: {
    outDir: '../../dist/apps/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
    // an inlined image would be a data: address, which a content security policy may forbid
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts is one lazy chunk; test/browser measures what the first page loads
    chunkSizeWarningLimit: 700,
  },
  plugins: [precompressed()],
});
