import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { compileReference, PINNED_FILE, type PinnedCircuit, REFERENCES } from './pinned.ts';

/**
 * Any change of a circuit appears here, as a diff of constraint counts per layer and of digests. If it is intended,
 * `PIN_CIRCUITS=1 npx vitest run test/check/pinned-circuits.test.ts` writes the file again, for a reviewer to read.
 */
describe('circuits of reference models', () => {
  it.each(Object.keys(REFERENCES) as (keyof typeof REFERENCES)[])('%s is the pinned one', async (name) => {
    const pinned = JSON.parse(await readFile(PINNED_FILE, 'utf8')) as Record<string, PinnedCircuit>;
    const own = await compileReference(name);
    if (process.env.PIN_CIRCUITS === '1') {
      await writeFile(PINNED_FILE, `${JSON.stringify({ ...pinned, [name]: own }, null, 2)}\n`);
    } else expect(own).toEqual(pinned[name]);
  });
});
