import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compileModel } from '../../src/compile/compile-model.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';

/** What is pinned of a reference circuit. */
export interface PinnedCircuit {
  readonly constraints: number;
  readonly wires: number;
  /** Constraints by layer. */
  readonly layers: Readonly<Record<string, number>>;
  readonly integerGraph: string;
  readonly circom: string;
  /** sha256 of the r1cs. */
  readonly circuit: string;
}

/** Small models of three kinds; both input modes occur. */
export const REFERENCES = {
  'digits-mlp digest': { model: 'digits-mlp', input: 'digest' },
  'credit-scoring-mlp public': { model: 'credit-scoring-mlp', input: 'public' },
  'tfjs-digits-cnn-layers public': { model: 'tfjs-digits-cnn-layers', input: 'public' },
} as const;

export const PINNED_FILE = new URL('pinned-circuits.json', import.meta.url);

/** Compiles a reference model at 8 bits. */
export async function compileReference(name: keyof typeof REFERENCES): Promise<PinnedCircuit> {
  const { model, input } = REFERENCES[name];
  const out = await mkdtemp(path.join(tmpdir(), 'quietproof-test-'));
  const folder = path.join('models', model);
  try {
    const calibration = path.join(folder, 'test.json');
    const { manifest } = await compileModel({
      model: folder,
      calibration,
      out,
      bits: 8,
      input,
      acceptLoss: true,
      skipCheck: true,
    });
    const bytes = await readFile(path.join(out, 'circuit.r1cs'));
    const { nConstraints, nWires } = readR1cs(bytes);
    const { chain } = manifest.manifest;
    return {
      constraints: nConstraints,
      wires: nWires,
      layers: Object.fromEntries(manifest.cost.layers.map(({ layer, constraints }) => [layer, constraints])),
      integerGraph: chain.integerGraph,
      circom: chain.circom,
      circuit: createHash('sha256').update(bytes).digest('hex'),
    };
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}
