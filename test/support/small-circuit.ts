import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { powersOfTau, wtns } from 'snarkjs';
import { compileCircom } from '../../src/circuit/circom/circom-compiler.ts';
import { decodeWitnessFile } from '../../src/formats/wtns.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';

/** Has all kinds of constraints that setup handles: products, bits, sums, constants, and an unused public input. */
const SMALL_CIRCUIT = `pragma circom 2.2.3;
template Small() {
  signal input x[3];
  signal input unused;
  signal output product;
  signal output sum;
  signal bits[6];
  var total = 0;
  for (var i = 0; i < 6; i++) {
    bits[i] <-- (x[0] >> i) & 1;
    bits[i] * (bits[i] - 1) === 0;
    total += bits[i] * (1 << i);
  }
  total === x[0];
  signal pair;
  pair <== x[0] * x[1];
  product <== pair * x[2] - 3 * x[0] + 7;
  sum <== 5 - 2 * x[1];
}
component main {public [unused]} = Small();
`;

/** The same shape with one coefficient changed: in A, or in C, whose coefficients a proving key does not contain. */
export const OTHER_A = SMALL_CIRCUIT.replace('<== x[0] * x[1]', '<== 2 * x[0] * x[1]');
export const OTHER_C = SMALL_CIRCUIT.replace('3 * x[0]', '4 * x[0]');

export interface SmallCircuit {
  readonly folder: string;
  readonly r1csPath: string;
  witness(index: number): Promise<Uint8Array>;
}

const compiled = new Map<string, Promise<string>>();

/** Copies a compiled circuit into a new folder, which setup accepts as an artifact. */
export async function compileSmall(parent: string, source = SMALL_CIRCUIT): Promise<SmallCircuit> {
  if (!compiled.has(source)) compiled.set(source, compileOnce(parent, source));
  const folder = await mkdtemp(join(parent, 'artifact-'));
  await cp(await compiled.get(source)!, folder, { recursive: true });
  return {
    folder,
    r1csPath: join(folder, 'circuit.r1cs'),
    async witness(index) {
      const input = { x: [(index * 7) % 64, index, index * index + 3], unused: 9 + index };
      const target = { type: 'mem' as const, data: new Uint8Array() };
      await wtns.calculate(input, join(folder, 'circuit.wasm'), target);
      return decodeWitnessFile(target.data);
    },
  };
}

async function compileOnce(parent: string, source: string): Promise<string> {
  const outDir = await mkdtemp(join(parent, 'compiled-'));
  await compileCircom({ source, outDir, wasm: true });
  return outDir;
}

/** Keeps snarkjs' threads alive between calls, which saves a second per call. Returns a function that ends them. */
export async function holdCurve(): Promise<() => Promise<void>> {
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let opened = () => {};
  const open = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const session = withCurve(() => {
    opened();
    return gate;
  });
  await open;
  return async () => {
    release();
    await session;
  };
}

/** A phase-1 file with one contribution, prepared for phase 2. */
export async function makePtau(folder: string, power: number): Promise<string> {
  const [first, second, prepared] = ['1', '2', 'final'].map((name) =>
    join(folder, `pot${power}_${name}.ptau`),
  ) as [string, string, string];
  await withCurve(async (curve) => {
    await powersOfTau.newAccumulator(curve, power, first);
    await powersOfTau.contribute(first, second, 'test', 'entropy of a test');
    await powersOfTau.preparePhase2(second, prepared);
  });
  return prepared;
}

/** A temporary folder and a function that removes it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'quietproof-setup-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
