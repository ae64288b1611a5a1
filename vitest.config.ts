import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Folders of many files with short tests, which would spend most of their time on importing: they share what their
 * process has imported. All others have a process per file, since they start servers, threads and clocks, replace
 * modules, measure memory, or calculate for long, which is slower where much is loaded.
 */
const SHARED = [
  'bench',
  'bundle',
  'data',
  'errors',
  'field',
  'formats',
  'graph',
  'import',
  'integer',
  'quantize',
  'text',
].map((folder) => `test/${folder}/**/!(made-up-activation|operator-proofs).test.ts`);

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
    globalSetup: source('test/support/run-folder.ts'),
    // Commands remember digests in the user's cache: tests have one of their own.
    env: { XDG_CACHE_HOME: source('node_modules/.cache/quietproof-tests') },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: ['test/**/*.test.ts'],
          exclude: [...SHARED, ...SLOW],
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: SHARED,
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
