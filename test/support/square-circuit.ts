import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { compileCircom } from '../../src/circuit/circom/circom-compiler.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { developmentSetup } from '../../src/setup/development-setup.ts';

const SQUARE = `pragma circom 2.1.0;
template Square() { signal input in; signal output out; out <== in * in; }
component main {public [in]} = Square();
`;

export interface SquareCircuit {
  readonly folder: string;
  readonly r1cs: Uint8Array;
  /** Path of the .zkey file. */
  readonly zkey: string;
  /** Writes another key. @returns its content */
  makeKey(name: string): Promise<Uint8Array>;
  remove(): Promise<void>;
}

/** The smallest circuit with an input, an output and a constraint, and a key for it. */
export async function squareCircuit(): Promise<SquareCircuit> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'square-'));
  const { r1csPath } = await compileCircom({ source: SQUARE, outDir: folder });
  const r1cs = await readFile(r1csPath);
  const makeKey = async (name: string) => {
    const bytes = await developmentSetup(readR1cs(r1cs, 'square.r1cs'), {});
    await writeFile(path.join(folder, name), bytes);
    return bytes;
  };
  await makeKey('circuit.zkey');
  const remove = () => rm(folder, { recursive: true, force: true });
  return { folder, r1cs, zkey: path.join(folder, 'circuit.zkey'), makeKey, remove };
}

/** A witness of the square: 1, out, in. */
export function squareWitness(...wires: bigint[]): Uint8Array {
  const bytes = new Uint8Array(wires.length * 32);
  wires.forEach((wire, i) => {
    new DataView(bytes.buffer).setBigUint64(i * 32, wire, true);
  });
  return bytes;
}
