import * as core from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { openTfjsReference } from '../../../src/compile/reference/tfjs.ts';
import { executeFloat, outputsOf } from '../../../src/graph/execute.ts';
import type { FloatGraph } from '../../../src/graph/float-graph.ts';
import { importTfjs } from '../../../src/import/tfjs/import-tfjs.ts';
import {
  type ManifestGroup,
  randomizeWeights,
  randomNumbers,
  type SavedModel,
  saved,
  withModelFolder,
} from './saved-model.ts';

async function smallModel(): Promise<SavedModel> {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 4, inputShape: [3], activation: 'relu', name: 'hidden' }));
  model.add(tf.layers.dense({ units: 2, name: 'last' }));
  randomizeWeights(model, 5);
  return saved(model);
}

const ROW = Float64Array.from(randomNumbers(3, 9));
const answer = (graph: FloatGraph) => outputsOf(graph, executeFloat(graph, ROW));

/** Stores the manifest's weights in another form: `encode` maps each value to its stored form. */
function restored(
  { json, weights }: SavedModel,
  quantization: Record<string, unknown>,
  encode: (values: Float32Array) => { stored: Uint8Array; min?: number; scale?: number },
): SavedModel {
  let at = 0;
  const parts: Uint8Array[] = [];
  const specs = json.weightsManifest[0]!.weights.map((spec) => {
    const count = core.util.sizeFromShape(spec.shape);
    const { stored, ...rest } = encode(new Float32Array(weights.slice(at, at + count * 4).buffer));
    at += count * 4;
    parts.push(stored);
    return { ...spec, quantization: { ...quantization, ...rest } };
  });
  const weightsManifest = [{ paths: ['weights.bin'], weights: specs }];
  return { json: { ...json, weightsManifest }, weights: Buffer.concat(parts) };
}

function linear(values: Float32Array, levels: number): { codes: number[]; min: number; scale: number } {
  const min = Math.min(...values);
  const scale = (Math.max(...values) - min) / levels || 1;
  return { codes: Array.from(values, (x) => Math.round((x - min) / scale)), min, scale };
}

/** Imports the same file with our importer and with the library's. */
async function expectLikeLibrary({ json, weights }: SavedModel): Promise<void> {
  await withModelFolder(json, { 'weights.bin': weights }, async (path) => {
    const found = answer(await importTfjs(path));
    const reference = await openTfjsReference(path);
    const expected = await reference.run(ROW);
    await reference.close();
    const scale = Math.max(1, ...expected.map(Math.abs));
    for (const [i, x] of expected.entries()) expect(Math.abs(found[i]! - x)).toBeLessThan(1e-6 * scale);
  });
}

describe('weights', () => {
  it('are read from several groups and shards', async () => {
    const { json, weights } = await smallModel();
    const [a, b, c, d] = json.weightsManifest[0]!.weights as [never, never, never, never];
    // 48 and 16 bytes, then 32 and 8; the cut inside a weight is intended.
    const weightsManifest: ManifestGroup[] = [
      { paths: ['one.bin', 'two.bin'], weights: [a, b] },
      { paths: ['three.bin'], weights: [c, d] },
    ];
    const files = {
      'one.bin': weights.slice(0, 21),
      'two.bin': weights.slice(21, 64),
      'three.bin': weights.slice(64),
    };
    const split = await withModelFolder({ ...json, weightsManifest }, files, importTfjs);
    const whole = await withModelFolder(json, { 'weights.bin': weights }, importTfjs);
    expect(answer(split)).toEqual(answer(whole));
    expect(split.source.sha256).not.toBe(whole.source.sha256);
  });

  it('are read from 8-bit, 16-bit and half-precision storage as the library reads them', async () => {
    const model = await smallModel();
    await expectLikeLibrary(
      restored(model, { dtype: 'uint8', original_dtype: 'float32' }, (values) => {
        const { codes, min, scale } = linear(values, 255);
        return { stored: Uint8Array.from(codes), min, scale };
      }),
    );
    await expectLikeLibrary(
      restored(model, { dtype: 'uint16', original_dtype: 'float32' }, (values) => {
        const { codes, min, scale } = linear(values, 65535);
        return { stored: new Uint8Array(Uint16Array.from(codes).buffer), min, scale };
      }),
    );
    // Halves: ±1.5, the smallest subnormal, the largest number, a zero.
    const halves = [0x3e00, 0xbe00, 0x0001, 0x7bff, 0x8000, 0x3555];
    await expectLikeLibrary(
      restored(model, { dtype: 'float16', original_dtype: 'float32' }, (values) => ({
        stored: new Uint8Array(Uint16Array.from(values, (_, i) => halves[i % halves.length]!).buffer),
      })),
    );
  });

  it('are found under a cell name, as some TensorFlow versions write them', async () => {
    const { json, weights } = await smallModel();
    json.weightsManifest[0]!.weights[0]!.name = 'hidden/dense_cell/kernel';
    await expectLikeLibrary({ json, weights });
  });

  it.each<[string, (specs: ManifestGroup['weights'], json: SavedModel['json']) => unknown, string]>([
    ['an unsupported type', (specs) => Object.assign(specs[0]!, { dtype: 'complex64' }), 'QP2105'],
    [
      'an unsupported storage type',
      (specs) => Object.assign(specs[0]!, { quantization: { dtype: 'uint4' } }),
      'QP2105',
    ],
    ['no scale', (specs) => Object.assign(specs[0]!, { quantization: { dtype: 'uint8' } }), 'QP2202'],
    ['a negative shape', (specs) => Object.assign(specs[0]!, { shape: [-3, 4] }), 'QP2202'],
    ['a huge shape', (specs) => Object.assign(specs[0]!, { shape: [2 ** 30, 2 ** 30] }), 'QP2202'],
    ['a name twice', (specs) => Object.assign(specs[1]!, { name: specs[0]!.name }), 'QP2202'],
    ['no manifest', (_, json) => Reflect.deleteProperty(json, 'weightsManifest'), 'QP2202'],
    [
      'a group without paths',
      (_, json) => Object.assign(json, { weightsManifest: [{ weights: [] }] as never }),
      'QP2202',
    ],
    ['a weight no layer takes', (specs) => Object.assign(specs[0]!, { name: 'other/kernel' }), 'QP2206'],
    ['another shape than the layer needs', (specs) => Object.assign(specs[0]!, { shape: [4, 3] }), 'QP2206'],
    [
      'a path up',
      (_, json) => Object.assign(json.weightsManifest[0]!, { paths: ['../weights.bin'] }),
      'QP2005',
    ],
    [
      'a rooted path',
      (_, json) => Object.assign(json.weightsManifest[0]!, { paths: ['/etc/hosts'] }),
      'QP2005',
    ],
    [
      'an address',
      (_, json) => Object.assign(json.weightsManifest[0]!, { paths: ['https://example.org/w.bin'] }),
      'QP2004',
    ],
    [
      'a missing shard',
      (_, json) => Object.assign(json.weightsManifest[0]!, { paths: ['gone.bin'] }),
      'QP2004',
    ],
  ])('are refused with %s', async (_, change, code) => {
    const { json, weights } = await smallModel();
    change(json.weightsManifest[0]!.weights, json);
    await expect(withModelFolder(json, { 'weights.bin': weights }, importTfjs)).rejects.toMatchObject({
      code,
    });
  });

  it('are refused where shards are cut short, too long, or hold a NaN', async () => {
    const { json, weights } = await smallModel();
    const read = (bytes: Uint8Array) => withModelFolder(json, { 'weights.bin': bytes }, importTfjs);
    await expect(read(weights.slice(0, -1))).rejects.toThrow(/QP2004 .*need 104 bytes, but there are 103/);
    await expect(read(Buffer.concat([weights, Buffer.of(0)]))).rejects.toThrow('QP2004');
    const broken = Buffer.from(weights);
    broken.writeFloatLE(Number.NaN, 4);
    await expect(read(broken)).rejects.toThrow(/QP2109 .*weight "hidden\/kernel" in model.json/);
  });
});
