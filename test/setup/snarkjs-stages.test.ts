import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MemoryTarget, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artifactState } from '../../src/artifact/artifact-state.ts';
import { rootOfUnity, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { readZkey } from '../../src/formats/zkey.ts';
import { isReducedH } from '../../src/key/reduced-h.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { makeArtifactKey, type SetupOptions } from '../../src/setup/make-artifact-key.ts';
import { compileSmall, holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

/** The keys that snarkjs' own commands make of one circuit, from `zkey new` to a beacon. */
type Stage = (typeof STAGES)[number]['name'];

const STAGES = [
  { name: 'new', state: 'awaiting contribution', contributions: [] },
  { name: 'contribute', state: 'ready', contributions: ['Ada'] },
  { name: 'contribute without a name', state: 'ready', contributions: ['Ada', ''] },
  { name: 'import bellman', state: 'ready', contributions: ['Ada', '', 'Zoë'] },
  { name: 'contribute after bellman', state: 'ready', contributions: ['Ada', '', 'Zoë', 'Eve'] },
  { name: 'beacon', state: 'finished', contributions: ['Ada', '', 'Zoë', 'Eve', 'beacon'] },
] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
const keys = {} as Record<Stage, Uint8Array>;
const at = (name: string) => join(folder.path, `${name}.zkey`);

beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 5);
  const { r1csPath } = await compileSmall(folder.path);
  await step('new', async (to) => zKey.newZKey(await readFile(r1csPath), ptau, to));
  await step('contribute', (to) => zKey.contribute(keys.new, to, 'Ada', 'entropy'));
  await step('contribute without a name', (to) => zKey.contribute(keys.contribute, to, '', 'entropy'));
  await step('import bellman', async (to) => {
    const [challenge, response] = [join(folder.path, 'challenge'), join(folder.path, 'response')];
    await zKey.exportBellman(at('contribute without a name'), challenge);
    await withCurve((curve) => zKey.bellmanContribute(curve, challenge, response, 'entropy'));
    expect(await zKey.importBellman(at('contribute without a name'), response, to, 'Zoë')).toBe(true);
  });
  await step('contribute after bellman', (to) =>
    zKey.contribute(keys['import bellman'], to, 'Eve', 'entropy'),
  );
  await step('beacon', (to) => zKey.beacon(keys['contribute after bellman'], to, 'beacon', '00ff', 10));
});
afterAll(async () => {
  await folder.remove();
  await release();
});

async function step(name: Stage, make: (to: MemoryTarget) => Promise<unknown>): Promise<void> {
  const to: MemoryTarget = { type: 'mem', data: new Uint8Array() };
  await make(to);
  keys[name] = to.data!;
  await writeFile(at(name), keys[name]);
}

async function importing(
  file: string,
  options: { ptau?: string } & Partial<SetupOptions> = {},
  into?: string,
) {
  const artifact = into ?? (await compileSmall(folder.path)).folder;
  const { ptau: phase1, ...rest } = options;
  const source = { kind: 'import', file, ...(phase1 !== undefined && { ptau: phase1 }) } as const;
  return { artifact, ...(await makeArtifactKey(artifact, { source, ...rest })) };
}

describe('a key of snarkjs is imported at every stage', () => {
  it('into an artifact with the stage before', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    for (const { name, state, contributions } of STAGES) {
      const { record } = await importing(at(name), {}, artifact);
      expect(artifactState(artifact, record)).toMatchObject({ state });
      expect(record).toMatchObject({ contributions: contributions.map((own) => ({ name: own })) });
      expect('transcript' in record).toBe(contributions.length > 0);
    }
  });

  it.each(['new', 'import bellman', 'beacon'] as const)('%s, compared with its phase 1', async (name) => {
    const { witness } = await compileSmall(folder.path);
    const { state, notes } = await importing(at(name), {
      ptau,
      witnesses: witness,
      behaviour: { count: 1 },
    });
    expect(state).toBe(name === 'new' ? 'awaiting contribution' : 'ready');
    expect(notes).toEqual([expect.stringMatching(name === 'new' ? /^Not tested/ : /^1 random witnesses/)]);
  });

  it('an earlier stage than the one of the artifact only with force, and a foreign one never without', async () => {
    const { artifact } = await importing(at('import bellman'));
    await expect(importing(at('contribute'), {}, artifact)).rejects.toMatchObject({ code: 'QP5039' });
    const { record, kept } = await importing(at('contribute'), { force: true }, artifact);
    expect(record).toMatchObject({ contributions: [{ name: 'Ada' }] });
    expect(await readFile(join(artifact, kept!, 'circuit.zkey'))).toEqual(
      Buffer.from(keys['import bellman']),
    );

    // Another contribution in the place of the one that this artifact has.
    const fork: MemoryTarget = { type: 'mem', data: new Uint8Array() };
    await withCurve(() => zKey.contribute(keys.new, fork, 'Mal', 'entropy'));
    await writeFile(at('fork'), fork.data!);
    await expect(importing(at('fork'), {}, artifact)).rejects.toMatchObject({ code: 'QP5021' });
    const forced = await importing(at('fork'), { force: true }, artifact);
    expect(forced.notes.join()).toContain('not compared with its ceremony');
  });
});

describe('a key that came back from a ceremony in bellman’s format', () => {
  it('has other H points, of which none is free to choose', async () => {
    const [before, after] = [keys['contribute without a name'], keys['import bellman']];
    expect(await isReducedH(readZkey(before), readZkey(after))).toBe(true);
    expect(await isReducedH(readZkey(before), readZkey(before))).toBe(false);
    const { domainSize } = readZkey(after);
    for (const index of [0, 3, domainSize - 1]) {
      const forged = Uint8Array.from(after);
      const { h } = readZkey(forged);
      const from = (index + 1) % domainSize;
      h.set(h.slice(from * 64, from * 64 + 64), index * 64);
      expect(await isReducedH(readZkey(before), readZkey(forged))).toBe(false);
      await writeFile(at('forged'), forged);
    }
    await expect(importing(at('forged'), { ptau })).rejects.toMatchObject({ code: 'QP5024' });
  });

  it('may have nothing in the place of the point that no proof uses', async () => {
    const [before, after] = [readZkey(keys['contribute without a name']), readZkey(keys['import bellman'])];
    const forged = Uint8Array.from(keys['import bellman']);
    await withCurve(async (curve) => {
      // Adds ωⁱ · G to every H point: no proof changes, and a point of the forger's choice is in the key.
      const { h, domainSize } = readZkey(forged);
      const root = rootOfUnity(Math.log2(domainSize));
      let factor = 1n;
      for (let i = 0; i < domainSize; i += 1) {
        const point = h.slice(i * 64, i * 64 + 64);
        const added = curve.G1.timesScalar(curve.G1.g, factor);
        h.set(affine(curve, curve.G1.add(added, point)), i * 64);
        factor = (factor * root) % SCALAR_FIELD;
      }
    });
    expect(await isReducedH(before, after)).toBe(true);
    expect(await isReducedH(before, readZkey(forged))).toBe(false);
  });
});

function affine(curve: unknown, point: Uint8Array): Uint8Array {
  return (curve as { G1: { toAffine(point: Uint8Array): Uint8Array } }).G1.toAffine(point);
}
