import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Unit tests import sources; tests of commands and workers run the build in dist/ (`npm test` builds first).
export default defineConfig({
  resolve: {
    alias: { '@quietproof/verify': fileURLToPath(new URL('src/verify/index.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:proofs` runs these.
    exclude: process.env.QUIETPROOF_SLOW === undefined ? ['test/slow/**'] : [],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
  },
});
