import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Base } from './bases.ts';
import type { CommandName } from './commands.ts';
import { listedIn } from './make-mutant.ts';

/** Files that once ended in an exception, a bug or a dead thread. */
export interface DamagedCase {
  readonly name: string;
  readonly base: 'digest' | 'public';
  readonly file: string;
  readonly change: (original: Buffer) => Buffer | Promise<Buffer>;
  /** Whether the manifest has the digest of the changed file. */
  readonly listed?: boolean;
  /** The code that each command gives. */
  readonly codes: Partial<Record<CommandName, string>>;
}

const text = (change: (text: string) => string) => (bytes: Buffer) =>
  Buffer.from(change(bytes.toString('utf8')));
const READ_MANIFEST: DamagedCase['codes'] = {
  ...{ 'prove native': 'QP4601', check: 'QP4601', rederive: 'QP4601', setUp: 'QP4601' },
};
const OLD_RECORD = path.join('test', 'fixtures', 'artifact-0.1', 'breast-cancer-logreg', 'model.json');

const manifestCases = [
  ['is broken JSON', text((json) => json.slice(0, -5))],
  ['is the number 1.5', text(() => '1.5')],
  ['is the number 1e308', text(() => '1e308')],
  ['has no manifest', text((json) => json.replace('"manifest":', '"other":'))],
  ['has no files', text((json) => json.replace('"files":', '"other":'))],
  ['names a file outside the folder', text((json) => json.replace('"bounds.json":', '"../bounds.json":'))],
  ['is nested deeply', text(() => '['.repeat(100_000))],
] as const;

export const CASES: readonly DamagedCase[] = [
  ...manifestCases.map(([name, change]) => ({
    ...{ name: `manifest.json ${name}`, base: 'public' as const, file: 'manifest.json', change },
    codes: READ_MANIFEST,
  })),
  {
    name: 'interface.json has no input',
    ...{ base: 'public', file: 'interface.json', listed: true },
    change: text((json) => json.replace('"input":', '"other":')),
    codes: {
      readInput: 'QP4601',
      'prove native': 'QP4601',
      check: 'QP4601',
      rederive: 'QP4601',
      setUp: 'QP4601',
    },
  },
  {
    name: 'interface.json has wider ranges than the circuit',
    ...{ base: 'public', file: 'interface.json', listed: true },
    change: text((json) => json.replace('"max": "7"', '"max": "9"')),
    codes: { setUp: 'QP4606', 'prove native': 'QP6103' },
  },
  {
    name: 'integer-graph.json has a member of another type',
    ...{ base: 'public', file: 'integer-graph.json', listed: true },
    change: text((json) => json.replace('"nodes":[', '"nodes":[7,')),
    codes: { check: 'QP4601', setUp: 'QP4601' },
  },
  {
    name: 'integer-graph.json has a range that is no number of bits, for a digest',
    ...{ base: 'digest', file: 'integer-graph.json', listed: true },
    change: text((json) => json.replace(/"max":\[\d+/, '"max":[2147483648')),
    codes: { check: 'QP4601', setUp: 'QP4601' },
  },
  {
    name: 'quality.json allows more flips than rows',
    ...{ base: 'public', file: 'quality.json', listed: true },
    change: text((json) => json.replace(/"flips": ?"[^"]*"/, '"flips": "7"')),
    codes: { setUp: 'QP4601', 'prove native': 'QP4601' },
  },
  {
    name: 'witness-plan.bin is cut within a wire',
    ...{ base: 'public', file: 'witness-plan.bin', listed: true },
    change: (bytes) => bytes.subarray(0, -3),
    codes: { check: 'QP4605', 'prove native': 'QP4605', setUp: 'QP4605' },
  },
  {
    name: 'witness-plan.bin reads beyond the trace',
    ...{ base: 'public', file: 'witness-plan.bin', listed: true },
    change: (bytes) => Buffer.concat([bytes.subarray(0, -4), Buffer.from([255, 255, 255, 255])]),
    codes: { check: 'QP4605', 'prove native': 'QP4605', setUp: 'QP4605' },
  },
  {
    name: 'witness-plan.bin has fewer wires than the circuit',
    ...{ base: 'public', file: 'witness-plan.bin', listed: true },
    change: (bytes) => bytes.subarray(0, -4),
    codes: { check: 'QP4606', 'prove native': 'QP4606', 'prove snarkjs': 'QP4606' },
  },
  {
    name: 'circuit.sym is no table',
    ...{ base: 'public', file: 'circuit.sym', listed: true },
    change: text((sym) => `what?\n${sym}`),
    codes: { check: 'QP4604' },
  },
  {
    name: 'circuit.zkey is cut',
    ...{ base: 'public', file: 'circuit.zkey' },
    change: (bytes) => bytes.subarray(0, -100),
    codes: { 'prove native': 'QP5013', 'prove snarkjs': 'QP5013', examineKey: 'QP5013' },
  },
  {
    name: 'model.json is of 0.1, and the model was compiled again',
    ...{ base: 'public', file: 'model.json' },
    change: () => readFile(OLD_RECORD),
    codes: { 'prove native': 'QP6103' },
  },
];

/** The files of a case, by name. */
export async function filesOf(
  { file, change, listed }: DamagedCase,
  base: Base,
): Promise<Map<string, Buffer>> {
  const bytes = await change(base.files.get(file)!);
  const manifest = JSON.parse(base.files.get('manifest.json')!.toString('utf8'));
  const files = new Map([[file, bytes]]);
  if (listed) files.set('manifest.json', listedIn(manifest, file, bytes));
  return files;
}
