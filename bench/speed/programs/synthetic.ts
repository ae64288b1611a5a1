import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { pseudoRandom } from '#dist/data/pseudo-random.js';
import { elementBytes, SCALAR_FIELD } from '#dist/field/bn254.js';
import { encodeWitnessFile } from '#dist/formats/wtns.js';
import { readZkey } from '#dist/formats/zkey.js';
import { verificationKeyOf } from '#dist/key/key-points.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import { ROW_FILES } from './row-files.ts';
import { serve } from './serve.ts';

// synthetic.js <products|booleans> <constraints> <folder>: writes a circuit of one kind of row, its key and a witness.
const [kind, count, folder] = process.argv.slice(2) as ['products' | 'booleans', string, string];
const constraints = Number(count);

type Combination = readonly (readonly [wire: number, coefficient: bigint])[];
type Row = readonly [a: Combination, b: Combination, c: Combination];

/** Wire 0 is the constant 1, wire 1 the only public signal. */
interface Synthetic {
  readonly rows: readonly Row[];
  readonly wires: readonly bigint[];
}

/** Row k is w_k · w_{k+1} = w_{k+2}: almost all wires are as long as the field's order. */
function products(): Synthetic {
  const wires = [1n, 3n, 5n];
  const rows: Row[] = [];
  for (let k = 1; k <= constraints; k += 1) {
    rows.push([[[k, 1n]], [[k + 1, 1n]], [[k + 2, 1n]]]);
    wires.push((wires[k]! * wires[k + 1]!) % SCALAR_FIELD);
  }
  return { rows, wires };
}

/** Row k is w_k · (w_k − 1) = 0, for random bits. */
function booleans(): Synthetic {
  const random = pseudoRandom();
  const wires = [1n];
  const rows: Row[] = [];
  for (let k = 1; k <= constraints; k += 1) {
    rows.push([
      [[k, 1n]],
      [
        [0, SCALAR_FIELD - 1n],
        [k, 1n],
      ],
      [],
    ]);
    wires.push(random() < 0.5 ? 0n : 1n);
  }
  return { rows, wires };
}

/** The .r1cs file. Source: iden3/r1csfile `doc/r1cs_bin_format.md`. */
function r1csFile({ rows, wires }: Synthetic): Uint8Array {
  const header = [u32(32), elementBytes(SCALAR_FIELD), ...[wires.length, 0, 1, 0].map(u32)];
  header.push(u64(wires.length), u32(rows.length));
  const terms = (combination: Combination) => [
    u32(combination.length),
    ...combination.flatMap(([wire, coefficient]) => [u32(wire), elementBytes(coefficient)]),
  ];
  const sections = [header, rows.flatMap((row) => row.flatMap(terms)), wires.map((_, k) => u64(k))].map(
    (parts) => Buffer.concat(parts),
  );
  const framed = sections.flatMap((section, k) => [u32(k + 1), u64(section.length), section]);
  return Buffer.concat([Buffer.from('r1cs'), u32(1), u32(sections.length), ...framed]);
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

await serve({}, async () => {
  const native = nativeProver();
  if (native.state !== 'ready') throw new Error(native.reason);
  const circuit = kind === 'products' ? products() : booleans();
  const zkey = path.join(folder, 'circuit.zkey');
  await native.binding.developmentKey(r1csFile(circuit), zkey, availableParallelism());
  const key = verificationKeyOf(readZkey(await readFile(zkey)));
  await writeFile(path.join(folder, 'verification-key.json'), JSON.stringify(key));
  const witness = Buffer.concat(circuit.wires.map(elementBytes));
  await writeFile(path.join(folder, ROW_FILES.witness), encodeWitnessFile(witness));
  return { wires: circuit.wires.length };
});
