import { it } from 'vitest';

/** Set where the suites run over a database: see `test/server/fleet`. */
export const FLEET = process.env.QUIETPROOF_TEST_FLEET !== undefined;

/** For tests about what the only server of a log does, or about its files. */
export const itAlone: typeof it = FLEET ? (it.skip as typeof it) : it;
