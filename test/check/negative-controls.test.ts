import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkCircuit } from '../../src/check/check-circuit.ts';
import { BROKEN_CIRCUITS } from './broken-circuits.ts';
import { compileGraph, compileSource } from './compile-checked.ts';

const FOLDER = new URL('broken/', import.meta.url);

describe('deliberately broken circuits', () => {
  it('are all listed', async () => {
    const files = (await readdir(FOLDER)).map((file) => file.replace('.circom', '')).sort();
    expect(Object.keys(BROKEN_CIRCUITS).sort()).toEqual(files);
  });

  it.each(Object.entries(BROKEN_CIRCUITS))('%s is caught, and the report says why', async (name, broken) => {
    const source = await readFile(new URL(`${name}.circom`, FOLDER), 'utf8');
    const circuit =
      broken.replaces === undefined
        ? await compileSource(source, broken.graph, new Map())
        : await compileGraph(broken.graph, { [broken.replaces]: source });
    const soundness = checkCircuit(circuit);
    const { counterexample, problems } = soundness;
    const said = problems.filter(({ claim }) => claim === broken.claim).map(({ what }) => what);
    expect(said.join('\n')).toMatch(broken.says);
    expect(soundness.claims[broken.claim]).toBe('unknown');
    expect(counterexample?.kind).toBe(broken.counterexample);
    expect(soundness.verdict).toBe(broken.counterexample === undefined ? 'unknown' : 'counterexample');
  });
});
