import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

// Unit tests import sources; tests of commands and workers run the build in dist/ (`npm test` builds first).
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@quietproof\/verify$/, replacement: source('src/verify/index.ts') },
      { find: /^@quietproof\/verify\/(log|seal|timestamp)$/, replacement: source('src/verify/$1/index.ts') },
      { find: /^@quietproof\/verify\/command\/(.*)$/, replacement: source('src/verify/command/$1.ts') },
      { find: /^@quietproof\/client$/, replacement: source('src/client/index.ts') },
      { find: /^@quietproof\/client\/oip$/, replacement: source('src/client/oip/index.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:proofs` runs these.
    exclude: process.env.QUIETPROOF_SLOW === undefined ? ['test/slow/**'] : [],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Commands remember digests in the user's cache: tests have one of their own.
    env: { XDG_CACHE_HOME: source('node_modules/.cache/quietproof-tests') },
  },
});
