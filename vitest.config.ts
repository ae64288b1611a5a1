import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Folders whose tests have the process to themselves: they start servers, threads, processes and clocks, or replace
 * modules. All others share what a process has imported, which would else be a sixth of the whole run's CPU time.
 */
const ALONE = [
  'added-variants',
  'ceremony',
  'ci',
  'cli',
  'client',
  'docs',
  'packages',
  'prove',
  'prover',
  'server',
  'setup',
  'slow',
  'store',
  'watch',
].map((folder) => `test/${folder}/**/*.test.ts`);
const ALONE_FILES = [
  // They replace modules.
  'test/graph/made-up-activation.test.ts',
  'test/compile/refusal.test.ts',
  // Linux counts the memory of the process that starts circom as circom's.
  'test/compile/prediction.test.ts',
];

// `npm run test:proofs` and the like run these.
const SLOW = process.env.QUIETPROOF_SLOW === undefined ? ['test/slow/**'] : [];

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
    testTimeout: 120_000,
    hookTimeout: 240_000,
    maxWorkers: 2,
    // Commands remember digests in the user's cache: tests have one of their own.
    env: { XDG_CACHE_HOME: source('node_modules/.cache/quietproof-tests') },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: [...ALONE, ...ALONE_FILES],
          exclude: SLOW,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...ALONE, ...ALONE_FILES],
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
