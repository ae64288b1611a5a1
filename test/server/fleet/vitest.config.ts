import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../../../vitest.config.ts';

/** What needs the Node that pg-boss asks for. */
export default mergeConfig(
  { ...base, test: { ...base.test, projects: undefined, include: [], exclude: [] } },
  defineConfig({
    test: {
      include: ['test/server/fleet/**/*.node22.ts'],
      env: { QUIETPROOF_TEST_FLEET: '1' },
    },
  }),
);
