import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QuietproofError } from '../../../src/errors/quietproof-error.ts';
import { executeFloat } from '../../../src/graph/execute.ts';
import { simplifyGraph } from '../../../src/graph/simplify.ts';
import { importOnnx as importFile } from '../../../src/import/onnx/import-onnx.ts';
import { writeModel } from './build-onnx.ts';

const MODELS = ['digits-cnn', 'digits-resnet', 'wine-mlp-bn', 'breast-cancer-logreg'].map((name) => {
  return readFileSync(fileURLToPath(new URL(`../../../models/${name}/model.onnx`, import.meta.url)));
});

const PATH = writeModel(new Uint8Array());

function importOnnx(bytes: Uint8Array) {
  writeFileSync(PATH, bytes);
  return importFile(PATH);
}

/** A damaged file is either refused with an error code (never one for an internal bug), or still a valid model. */
async function expectHandled(bytes: Uint8Array): Promise<void> {
  try {
    const graph = simplifyGraph(await importOnnx(bytes));
    executeFloat(graph, new Float64Array(graph.input.count));
  } catch (error) {
    if (!(error instanceof QuietproofError)) throw error;
    expect(error.code).toMatch(/^QP[12]/);
  }
}

describe('corrupt files', () => {
  it('cut off anywhere are refused', async () => {
    const model = fc.constantFrom(...MODELS);
    await fc.assert(
      fc.asyncProperty(model, fc.double({ min: 0, max: 0.999, noNaN: true }), async (bytes, part) => {
        const cut = bytes.subarray(0, Math.floor(bytes.length * part));
        await expect(importOnnx(cut)).rejects.toBeInstanceOf(QuietproofError);
      }),
      { numRuns: 100 },
    );
  });

  it('with flipped bits are handled', async () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 6 });
    // Weights make up most of a file. Half of the flips go to its ends, where names and structure are.
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...MODELS), flips, fc.boolean(), async (bytes, places, ends) => {
        const damaged = Uint8Array.from(bytes);
        for (const [at, bit] of places)
          damaged[ends ? at % Math.min(700, bytes.length) : at % bytes.length]! ^= 1 << bit;
        await expectHandled(damaged);
      }),
      { numRuns: 400 },
    );
  });

  it('of random bytes are refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await expect(importOnnx(bytes)).rejects.toBeInstanceOf(QuietproofError);
      }),
      { numRuns: 100 },
    );
  });

  it('with deep nesting are refused', async () => {
    // ModelProto.graph (7) . node (1) . attribute (5) . g (6), again and again, from the inside out.
    let bytes = Buffer.alloc(0);
    for (let depth = 0; depth < 6000; depth += 1) {
      const tag = depth === 5999 ? 0x3a : [0x32, 0x2a, 0x0a][depth % 3]!;
      const length: number[] = [];
      for (let rest = bytes.length; ; rest >>= 7) {
        length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
        if (rest <= 0x7f) break;
      }
      bytes = Buffer.concat([Buffer.from([tag, ...length]), bytes]);
    }
    await expect(importOnnx(bytes)).rejects.toMatchObject({ code: 'QP2001' });
  });
});
