import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/**
 * Folders of many files with short tests, which would spend most of their time on importing: they share what their process
 * has imported. All others have a process per file, and so have the files that are named for a folder, since they start
 * servers, threads and clocks, replace modules, measure memory, or calculate for long, which is slower where much is loaded.
 */
const SHARED = Object.entries({
  audit: ['audit-*', 'openings', 'report-html', 'report-pdf'],
  bench: [],
  bundle: ['pack-files'],
  check: [
    ...['broken-tables', 'check-artifact', 'merged-wires', 'mutation', 'negative-controls'],
    ...['pinned-circuits', 'thermometer', 'wrong-graph'],
  ],
  circuit: [
    ...['allocator', 'determinism', 'digest', 'generated-circuit', 'held-inputs', 'poseidon', 'range'],
    'shared-wires',
  ],
  compile: [
    ...['compile-model', 'contract', 'gelu-model', 'graphs', 'machine-speed', 'pipelines', 'refusal'],
    ...['search', 'tables', 'trees'],
  ],
  data: [],
  errors: [],
  field: [],
  formats: [],
  graph: ['made-up-activation'],
  import: ['operator-proofs'],
  integer: [],
  log: [],
  quantize: [],
  text: [],
  'verify/!(command)': ['groth16', 'mutants', 'reasons', 'tamper', 'verify-bundle', 'verify-many*'],
}).map(([folder, alone]) => `test/${folder}/**/!(${alone.join('|') || '.'}).test.ts`);

/** Small files that take long, the longest first. */
const LONG = [
  'server/fleet/fleet',
  'compile/fuzz/graphs',
  'server/serve/endpoint',
  'check/mutation',
  'client/watch',
  'import/onnx/operator-proofs',
].map((name) => `/test/${name}.test.ts`);

/** Where no times are known, large files come first: a long one at the end would have one core alone. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const long = LONG.flatMap((name) => sorted.filter(({ moduleId }) => moduleId.endsWith(name)));
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}

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
    sequence: { sequencer: LongFirst },
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
