import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type AffineEncodingV2,
  fileJson,
  type InputPart,
  type InterfaceV2,
  type VectorOutput,
} from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactManifestV2 } from '../../src/artifact/artifact-manifest.ts';
import { sha256 } from '../../src/data/sha256.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { holdCurve, makePtau } from '../support/small-circuit.ts';
import { must, quietproof, rederived } from './in-process.ts';

const MODEL = path.join('models', 'iris-mlp', 'model.onnx');
const DATA = path.join('models', 'iris-mlp', 'test.json');
const CARD = {
  classes: ['setosa', 'versicolor', 'virginica'],
  features: ['sepal length', 'sepal width', 'petal length', 'petal width'].map((name) => ({
    name,
    unit: 'cm',
  })),
};
/** The smallest power for 234 constraints and 8 public signals. */
const POWER = 8;

let root: string;
let ptau: string;
let card: string;
let release: () => Promise<void>;
/** The model file under another name, in a folder of another name. */
let renamedModel: string;
const at = (...parts: string[]) => path.join(root, ...parts);

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An artifact with a changed interface, its own ceremony key, and a proof under that key. */
async function attacked(
  name: string,
  change: (modelInterface: Writable<InterfaceV2>, manifest: Writable<ArtifactManifestV2>) => void,
): Promise<{ folder: string; bundle: string; key: string[] }> {
  const folder = at(name);
  await cp(at('started'), folder, { recursive: true });
  const read = async (file: string) => JSON.parse(await readFile(path.join(folder, file), 'utf8'));
  const [modelInterface, manifest] = [await read('interface.json'), await read('manifest.json')];
  change(modelInterface, manifest);
  manifest.interface = sha256(fileJson(modelInterface));
  await writeFile(path.join(folder, 'interface.json'), fileJson(modelInterface));
  await writeFile(path.join(folder, 'manifest.json'), fileJson(manifest));
  await must('contribute', folder, '--name', 'Eve');
  const proofs = at(`${name}-proofs`);
  // Provers run the built code, in other processes.
  const proved = await runCli(['prove', folder, '--inputs', DATA, '--rows', '0', '--out', proofs]);
  expect(proved.code, proved.stderr).toBe(0);
  await must('verify', proofs, '--model', folder);
  const key = ['--zkey', path.join(folder, 'circuit.zkey'), '--ptau', ptau];
  return { folder, bundle: path.join(proofs, '000000.proof.json'), key };
}

beforeAll(async () => {
  release = await holdCurve();
  root = await mkdtemp(path.join(tmpdir(), 'rederive-interface-'));
  ptau = await makePtau(root, POWER);
  card = at('card.json');
  await writeFile(card, JSON.stringify(CARD));
  await mkdir(at('handed over'));
  renamedModel = at('handed over', 'weights 7.onnx');
  await copyFile(MODEL, renamedModel);
  const statement = ['--input', 'public', '--output', 'logits', '--bits', '8', '--accept-loss'];
  await must('compile', MODEL, '--calibration', DATA, '--card', card, ...statement, '--out', at('compiled'));
  await cp(at('compiled'), at('started'), { recursive: true });
  await must('setup', at('started'), '--ptau', ptau);
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
  await release();
});

async function rename(file: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replace(/("name": ?)"iris-mlp"/, '$1"certified"'));
}

describe('an honest model', () => {
  let honest: Awaited<ReturnType<typeof attacked>>;
  beforeAll(async () => {
    honest = await attacked('honest', () => {});
  });

  it('passes from a renamed model file in any folder, artifact and bundle', async () => {
    const known = ['--model', renamedModel, '--calibration', DATA, '--card', card, '--name', 'iris-mlp'];
    for (const target of [honest.folder, honest.bundle]) {
      const { code, verdict, links, reservations } = await rederived(target, ...known, ...honest.key);
      expect({ code, verdict }).toEqual({ code: 0, verdict: 'this verification key is this model' });
      expect(links.find(({ link }) => link === 'interface')).toMatchObject({
        status: 'same',
        what: expect.stringContaining('names and units'),
      });
      expect(links.find(({ link }) => link === 'name')?.status).toBe('same');
      expect(reservations).toEqual([
        'other claims are not checked',
        'its phase 1 is unrecognised: anyone who knows its secret can forge',
        'who contributed is not checked',
      ]);
    }
  });

  it('says in the final sentence what was taken and what was not checked', async () => {
    const { code, stdout } = await quietproof(
      'rederive',
      honest.folder,
      '--model',
      renamedModel,
      ...honest.key,
    );
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(
      'this verification key is this model' +
        "; its scales are the manifest's, not derived from calibration rows" +
        '; names of classes and features, and units, are not checked' +
        '; its name, "iris-mlp", is a label' +
        '; other claims are not checked' +
        '; its phase 1 is unrecognised: anyone who knows its secret can forge' +
        '; who contributed is not checked',
    );
    expect(stdout).toMatch(/! scales +taken/);
    expect(stdout).toMatch(/- names +unchecked/);
    expect(stdout).toMatch(/! phase 1 +taken/);
    expect(stdout).toMatch(/- other claims +unchecked +.*accuracy \(30 rows.*tool versions/);
  });

  it('breaks at the integer graph if the card declares other ranges', async () => {
    const other = at('ranges.json');
    await writeFile(
      other,
      JSON.stringify({ features: CARD.features.map((f) => ({ ...f, min: 0, max: 9 })) }),
    );
    const words = ['--model', renamedModel, '--calibration', DATA, '--card', other];
    expect(await rederived(honest.folder, ...words)).toMatchObject({ code: 1, stopsAt: 'integer graph' });
  });

  it('is another model if its interface is changed under the same key', async () => {
    const renamed = at('renamed');
    await cp(honest.folder, renamed, { recursive: true });
    for (const name of ['interface.json', 'manifest.json']) await rename(path.join(renamed, name));
    const stale = await rederived(renamed, '--model', renamedModel, ...honest.key);
    expect(stale).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'interface.json' });
    const manifest = path.join(renamed, 'manifest.json');
    const digest = sha256(await readFile(path.join(renamed, 'interface.json')));
    const text = await readFile(manifest, 'utf8');
    await writeFile(manifest, text.replace(/("interface": ?)"[0-9a-f]{64}"/, `$1"${digest}"`));
    const found = await rederived(renamed, '--model', renamedModel, ...honest.key);
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'model record' });
    const record = path.join(renamed, 'model.json');
    await rename(record);
    const reissued = await rederived(record, '--model', renamedModel, '--calibration', DATA, ...honest.key);
    expect(reissued).toMatchObject({ code: 1, stopsAt: 'model record' });
    expect(reissued.links[0]?.what).toMatch(/^QP710\d /);
  });

  it.each<[string, (manifest: ArtifactManifestV2) => object, string]>([
    [
      'constraints',
      ({ manifest }) => ({ manifest: { ...manifest, constraints: 9 } }),
      'claimed 9, derived 2',
    ],
    [
      'source producer',
      ({ manifest }) => ({ manifest: { ...manifest, source: { ...manifest.source, producer: 'us' } } }),
      'claimed "us", derived "',
    ],
    ['cost', ({ cost }) => ({ cost: { ...cost, domainPower: 3 } }), 'domainPower is 3, derived 8'],
    [
      'statement',
      ({ statement }) => ({ statement: { ...statement, head: 'sigmoid' } }),
      'head is "sigmoid", derived "',
    ],
    [
      'witness-plan.bin',
      ({ files }) => ({ files: { ...files, 'witness-plan.bin': 'ab'.repeat(32) } }),
      'claimed "abab',
    ],
  ])('is broken by a false claim in its manifest: %s', async (stopsAt, change, what) => {
    const folder = at(`claims-${stopsAt}`);
    await cp(at('compiled'), folder, { recursive: true });
    const file = path.join(folder, 'manifest.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as ArtifactManifestV2;
    await writeFile(file, fileJson({ ...manifest, ...change(manifest) }));
    const found = await rederived(folder, '--model', renamedModel);
    expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt });
    expect(found.links.find(({ link }) => link === stopsAt)?.what).toContain(what);
  });
});

const logits = (modelInterface: InterfaceV2) => modelInterface.outputs[0] as Writable<VectorOutput>;
const part = (modelInterface: InterfaceV2) => modelInterface.input.parts[0] as Writable<InputPart>;

describe('a changed interface with its own ceremony key', () => {
  it.each<[string, (modelInterface: Writable<InterfaceV2>) => void, RegExp]>([
    [
      'the encoding of an input',
      (modelInterface) => {
        const encoding = part(modelInterface).encoding as Writable<AffineEncodingV2>;
        const offset = encoding.offset;
        const four = typeof offset === 'string' ? [offset, offset, offset, offset] : offset;
        encoding.axes = [0];
        encoding.offset = four.with(3, '0.5');
      },
      /^input encoding: offset\[3\] is 0\.5, derived \S+$/,
    ],
    [
      'names of classes',
      (modelInterface) => {
        logits(modelInterface).names = ['virginica', 'versicolor', 'setosa'];
      },
      /^class names: \[0\] is "virginica", derived "setosa"; class names: \[2\] is "setosa"/,
    ],
    [
      'the scale of scores',
      (modelInterface) => {
        logits(modelInterface).scale = '12.5';
      },
      /^scale of scores is 12\.5, derived 0\.\d+$/,
    ],
    [
      'names of features',
      (modelInterface) => {
        part(modelInterface).names = part(modelInterface).names!.toReversed();
      },
      /^feature names: \[0\] is "petal width", derived "sepal length"/,
    ],
    [
      'the range of a score',
      (modelInterface) => {
        logits(modelInterface).lo = (logits(modelInterface).lo as string[]).with(1, '-99999');
      },
      /^score ranges: \[1\] is -99999, derived -\d+$/,
    ],
  ])('breaks at the interface, artifact and bundle: %s', async (what, change, says) => {
    const { folder, bundle, key } = await attacked(what, change);
    for (const target of [folder, bundle]) {
      const words = ['--model', renamedModel, '--calibration', DATA, '--card', card, ...key];
      const found = await rederived(target, ...words);
      expect(found).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'interface' });
      expect(found.links.find(({ link }) => link === 'interface')?.what).toMatch(says);
    }
    if (what !== 'names of classes') return;
    const unnamed = await rederived(folder, '--model', renamedModel, ...key);
    expect(unnamed.links.find(({ link }) => link === 'names')?.status).toBe('unchecked');
    expect(unnamed.sentence).toContain('names of classes and features, and units, are not checked');
  });

  it('breaks at the name if the manifest or --name has another one; otherwise calls it a label', async () => {
    const { folder, bundle, key } = await attacked('name', (modelInterface, manifest) => {
      modelInterface.name = 'certified';
      manifest.name = 'certified';
    });
    const words = ['--model', renamedModel, '--calibration', DATA, '--card', card, ...key];
    for (const target of [folder, bundle]) {
      const known = await rederived(target, ...words, '--name', 'iris-mlp');
      expect(known).toMatchObject({ code: 1, verdict: 'broken', stopsAt: 'name' });
    }
    const alone = await rederived(bundle, ...words);
    expect(alone.sentence).toContain('its name, "certified", is a label');
    expect(alone.links.find(({ link }) => link === 'name')?.status).toBe('unchecked');
    const manifest = path.join(folder, 'manifest.json');
    await writeFile(
      manifest,
      (await readFile(manifest, 'utf8')).replace(/"name": ?"certified"/, '"name":"iris"'),
    );
    expect(await rederived(folder, '--model', renamedModel)).toMatchObject({ code: 1, stopsAt: 'name' });
  });
});
