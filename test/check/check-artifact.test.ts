import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkArtifact } from '../../src/check/check-artifact.ts';
import { checkThoroughly } from '../../src/check/thorough.ts';
import { compileModel } from '../../src/compile/compile-model.ts';
import { sha256 } from '../../src/data/sha256.ts';
import { rederive } from '../../src/rederive/rederive.ts';
import { setUpArtifact } from '../../src/setup/set-up-artifact.ts';

const MODEL = path.join('models', 'credit-scoring-mlp');
const DATA = path.join(MODEL, 'test.json');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'quietproof-test-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Compiled = Pick<Awaited<ReturnType<typeof compileModel>>, 'manifest'> & { readonly out: string };
const known = new Map<string, Promise<Compiled>>();

/** Compiled once, for tests that do not change it. */
function compiled(input: 'digest' | 'public', output: 'label' | 'logits'): Promise<Compiled> {
  const out = path.join(root, `${input}-${output}`);
  const options = { model: MODEL, calibration: DATA, out, bits: 6, input, output, acceptLoss: true };
  const found = known.get(out) ?? compileModel(options).then(({ manifest }): Compiled => ({ out, manifest }));
  known.set(out, found);
  return found;
}

/** A copy of its own for a test that changes it. @returns its folder */
async function copied(input: 'digest' | 'public', output: 'label' | 'logits'): Promise<string> {
  const { out } = await compiled(input, output);
  const copy = await mkdtemp(path.join(root, 'copy-'));
  await cp(out, copy, { recursive: true });
  return copy;
}

describe.each([
  ['digest', 'label'],
  ['digest', 'logits'],
  ['public', 'label'],
  ['public', 'logits'],
] as const)('an artifact with %s input and %s output', (input, output) => {
  it('is proved, leaks weights through public inputs alone, and says so in its manifest', async () => {
    const { out, manifest } = await compiled(input, output);
    const before = await readFile(path.join(out, 'soundness.json'), 'utf8');
    const { record } = await checkArtifact(out);
    expect(record.verdict).toBe('proved');
    expect(record.problems).toEqual([]);
    expect(record.rows).toBe(16);
    // Column 9 is the same in all rows: its range is narrow, and its weights round to 0 at 6 bits.
    const leaking = Array.from({ length: 26 }, (_, i) => `in[${i}]`).filter((name) => name !== 'in[9]');
    expect(record.weightSignals).toEqual(input === 'public' ? leaking : []);
    expect(manifest.manifest.claims?.soundness?.verdict).toBe('proved');
    expect(await readFile(path.join(out, 'soundness.json'), 'utf8')).toBe(before);
  });
});

/** `npm run test:slow:thorough` takes as many as the command does. */
const THOROUGH_ROWS = Number(process.env.THOROUGH_ROWS ?? 32);

describe('a thorough check', () => {
  it.each([
    ['credit-scoring-mlp', 'public'],
    ['iris-mlp', 'digest'],
    ['wine-mlp-bn', 'public'],
  ] as const)(
    'takes rows of %s (%s) through circom, the executor and the constraints',
    async (name, input) => {
      const out = path.join(root, `thorough-${name}`);
      const model = path.join('models', name);
      await compileModel({
        ...{ model, calibration: path.join(model, 'test.json'), out, bits: 6, input },
        acceptLoss: true,
      });
      const record = await checkThoroughly(out, { rows: THOROUGH_ROWS });
      expect(record.verdict).toBe('proved');
      expect(record.rows).toBe(THOROUGH_ROWS);
    },
  );
});

describe('an artifact whose files were changed', () => {
  it('is refused by name', async () => {
    const out = await copied('public', 'label');
    const file = path.join(out, 'integer-graph.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('"shift":', '"shift": '));
    await expect(checkArtifact(out)).rejects.toMatchObject({ code: 'QP4502', where: 'integer-graph.json' });
  });

  it('is no artifact without its circuit', async () => {
    const out = await copied('public', 'logits');
    await rm(path.join(out, 'circuit.r1cs'));
    await expect(checkArtifact(out)).rejects.toMatchObject({ code: 'QP4501' });
  });
});

describe('rederive', () => {
  it('follows every link from the model to the circuit, with recorded scales and with data', async () => {
    const { out } = await compiled('digest', 'label');
    for (const options of [{ model: MODEL }, { model: MODEL, calibration: DATA }]) {
      const { verdict, links } = await rederive(out, options);
      expect(verdict).toBe('this circuit is this model');
      expect(links.filter(({ status }) => status !== 'same').map(({ link }) => link)).toEqual([
        ...('calibration' in options ? [] : ['scales']),
        ...['name', 'other claims', 'verification key'],
      ]);
      const quality = links.find(({ link }) => link === 'quality');
      expect(quality?.what).toEqual(
        'calibration' in options
          ? expect.stringMatching(/^measured again: loss accepted: \d+ of 666 held-out labels flip/)
          : undefined,
      );
    }
  });

  it('measures the quality again, and finds one that was claimed too well', async () => {
    const out = await copied('digest', 'label');
    const [quality, manifest] = ['quality.json', 'manifest.json'].map((name) => path.join(out, name));
    const claimed = { kind: 'judged', contract: { error: '0.01', flips: '0.005' } };
    const text = fileJson({ ...claimed, flips: { count: 0, upper: '0.004488' }, rows: 666 });
    const before = sha256(await readFile(quality!, 'utf8'));
    await writeFile(quality!, text);
    await writeFile(manifest!, (await readFile(manifest!, 'utf8')).replace(before, sha256(text)));
    const found = await rederive(out, { model: MODEL, calibration: DATA });
    expect(found).toMatchObject({ verdict: 'broken', stopsAt: 'quality' });
    expect(found.links.find(({ link }) => link === 'quality')?.what).toMatch(/kind is "judged"/);
  });

  it('names the first link that breaks', async () => {
    const out = await copied('digest', 'label');
    const other = await rederive(out, { model: path.join('models', 'digits-mlp') });
    expect(other).toMatchObject({ verdict: 'broken', stopsAt: 'source model' });
    const manifest = path.join(out, 'manifest.json');
    const original = await readFile(manifest, 'utf8');
    await writeFile(
      manifest,
      original.replace(/"shift": (\d+)/, (_, shift) => `"shift": ${Number(shift) + 1}`),
    );
    const shifted = await rederive(out, { model: MODEL });
    await writeFile(manifest, original);
    expect(shifted).toMatchObject({ verdict: 'broken', stopsAt: 'integer graph' });
  });

  it('ends a development key in "tested, not proved", and refuses the key of another circuit', async () => {
    const out = await copied('public', 'label');
    await setUpArtifact(out, { source: { kind: 'development' } });
    const zkey = path.join(out, 'circuit.zkey');
    const found = await rederive(out, { model: MODEL, zkey });
    expect(found.verdict).toBe('tested, not proved');
    const bundle = await rederive(path.join(out, 'model.json'), { model: MODEL });
    expect(bundle).toMatchObject({ verdict: 'incomplete', stopsAt: 'scales' });
    const other = await copied('public', 'logits');
    await copyFile(path.join(out, 'model.json'), path.join(other, 'model.json'));
    const swapped = await rederive(other, { model: MODEL, zkey });
    expect(swapped).toMatchObject({ verdict: 'broken', stopsAt: 'key' });
  });
});
