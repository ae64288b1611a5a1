import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/**
 * What needs the Node that pg-boss asks for. Everything but the tests themselves is the build, as in the processes that they
 * start: so there is one copy of it, which Node loads.
 */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^(?:\.\.\/)+src\/(.*)\.ts$/, replacement: root('dist/$1.js') },
      { find: /^#dist\//, replacement: root('dist/') },
    ],
  },
  test: {
    testTimeout: 120_000,
    hookTimeout: 240_000,
    globalSetup: root('test/support/run-folder.ts'),
    include: ['test/server/fleet/**/*.node22.ts'],
    env: { QUIETPROOF_TEST_FLEET: '1', XDG_CACHE_HOME: root('node_modules/.cache/quietproof-tests') },
    server: { deps: { external: [/\/dist\//] } },
  },
});
