import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contextSignal } from '@quietproof/verify';
import { ARTIFACT } from '#dist/artifact/file-names.js';
import { openWitnessCalculator } from '#dist/artifact/open-witness-calculator.js';
import { readIntegerGraph } from '#dist/artifact/read-integer-graph.js';
import { domainPower, publicCount } from '#dist/formats/evaluation-domain.js';
import { type R1cs, readR1cs } from '#dist/formats/r1cs.js';
import { nativeProver } from '#dist/prover/native-binary.js';
import type { NativeBinding, NativeKey } from '#dist/prover/native-binding.js';
import { median } from './median.ts';
import { decompositionsOf, encodeR1cs, pad, project, type Rewritten, rowsOf, spare } from './spared-r1cs.ts';

const USAGE = `Measures what one bit less per decomposition would save: the bit is substituted by what its sum row says.

  node bench/dist/spared-rows.js [--rounds 11] <artifact>...
`;

/** A form of the circuit, with its key. */
interface Form {
  readonly name: string;
  readonly rows: number;
  readonly power: number;
  /** Entries of A and B, which the prover multiplies with the witness. */
  readonly entries: number;
  readonly keyBytes: number;
  readonly key: NativeKey;
  readonly witness: Uint8Array;
  readonly cpuMs: number[];
}

/** Decompositions of one wire: those of the inputs' ranges. */
const ONE_WIRE = 1;
/** Multiples that the prover prepares of a key. */
const TABLE_BUDGET = 2 ** 28;

function formsOf(r1cs: R1cs): [string, Rewritten][] {
  const rows = rowsOf(r1cs);
  const found = decompositionsOf(rows, r1cs);
  const ofInputs = found.filter(({ terms }) => terms <= ONE_WIRE);
  const today = spare(rows, r1cs, []);
  const power = domainPower(rows.length, publicCount(r1cs));
  const above = rows.length + publicCount(r1cs) + 1 - 2 ** (power - 1);
  const sparsest = [...found].sort((a, b) => a.terms - b.terms).slice(0, above);
  const halving: [string, Rewritten][] =
    sparsest.length < above ? [] : [['as many as halve the domain', spare(rows, r1cs, sparsest)]];
  return [
    ['today', today],
    ['ranges of inputs', spare(rows, r1cs, ofInputs)],
    ['all', spare(rows, r1cs, found)],
    ...halving,
    ['today, in the next domain', pad(today, 2 ** power - publicCount(r1cs))],
  ];
}

async function anyWitness(artifact: string): Promise<Uint8Array> {
  const graph = readIntegerGraph(await readFile(path.join(artifact, ARTIFACT.integerGraph)));
  const integers = Float64Array.from(graph.input.max, (max, k) => (7 * k) % (max + 1));
  const salt = graph.statement.input === 'digest' ? 2n ** 127n + 1n : null;
  const calculator = await openWitnessCalculator(artifact);
  return calculator.calculate(integers, salt, contextSignal(new Uint8Array())).witness;
}

async function load(
  binding: NativeBinding,
  r1cs: R1cs,
  witness: Uint8Array,
  [name, form]: readonly [string, Rewritten],
): Promise<Form> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-spared-'));
  const zkey = path.join(folder, 'circuit.zkey');
  await binding.developmentKey(encodeR1cs(form, r1cs), zkey, 1);
  const key = binding.loadKeySync(zkey, { tableBudget: TABLE_BUDGET });
  const { size } = await stat(zkey);
  await rm(folder, { recursive: true });
  return {
    name,
    rows: form.rows.length,
    power: domainPower(form.rows.length, publicCount(r1cs)),
    entries: form.rows.reduce((sum, [a, b]) => sum + a.size + b.size, 0),
    keyBytes: size,
    key,
    witness: project(witness, form),
    cpuMs: [],
  };
}

async function measure(artifact: string, rounds: number): Promise<readonly Form[]> {
  const native = nativeProver();
  if (native.state !== 'ready') throw new Error(`the native prover: ${native.reason}`);
  const r1cs = readR1cs(await readFile(path.join(artifact, ARTIFACT.r1cs)));
  const witness = await anyWitness(artifact);
  const forms: Form[] = [];
  for (const form of formsOf(r1cs)) forms.push(await load(native.binding, r1cs, witness, form));
  for (let round = 0; round < rounds; round += 1) {
    for (const { key, witness, cpuMs } of forms) {
      const start = process.cpuUsage();
      key.prove(witness, 1);
      const { user, system } = process.cpuUsage(start);
      cpuMs.push((user + system) / 1000);
    }
  }
  for (const { key } of forms) key.close();
  return forms;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '11' }, help: { type: 'boolean', default: false } },
});
if (values.help || positionals.length === 0) process.stdout.write(USAGE);
else {
  console.log(
    '| circuit | substituted | constraints | domain | entries of A and B | key MB | CPU, × of today |',
  );
  console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
  for (const artifact of positionals) {
    const forms = await measure(artifact, Number(values.rounds));
    for (const { name, rows, power, entries, keyBytes, cpuMs } of forms) {
      const ratio = median(cpuMs.map((own, k) => own / forms[0]!.cpuMs[k]!)).toFixed(2);
      const counts = [rows, `2^${power}`, entries].map((value) => value.toLocaleString('en'));
      const cells = [`\`${path.basename(artifact)}\``, name, ...counts, (keyBytes / 1e6).toFixed(1), ratio];
      console.log(`| ${cells.join(' | ')} |`);
    }
  }
}
