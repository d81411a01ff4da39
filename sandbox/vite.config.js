import { defineConfig } from 'vite';

// One file without dependencies: nothing else is mounted where it runs.
export default defineConfig({
  build: { ssr: 'src/sandbox.js', target: 'node20', minify: false, rolldownOptions: { output: { entryFileNames: 'sandbox.mjs', codeSplitting: false } } },
  ssr: { noExternal: true },
});
