import { createHash } from 'node:crypto';
import { circuitId, fileJson, type ModelRecordV2, modelIdsV2 } from '@quietproof/verify';
import type { ArtifactManifest, ArtifactManifestV2 } from '../../../src/artifact/artifact-manifest.ts';
import type { Base } from './bases.ts';
import type { CommandName } from './commands.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { Choices } from './random.ts';

/**
 * `kept`: the manifest has the digests of the files before; `listed`: it has those of the changed file; `recorded`:
 * model.json has been made from the changed files too, as by somebody who means it.
 */
export type Digests = 'kept' | 'listed' | 'recorded';

export interface Mutant {
  readonly number: number;
  readonly base: Base;
  readonly file: string;
  readonly how: string;
  readonly digests: Digests;
  readonly command: CommandName;
  /** By name: the changed file and, depending on `digests`, manifest.json. */
  readonly files: ReadonlyMap<string, Buffer>;
}

const PROVE: readonly CommandName[] = ['prove native', 'prove native', 'prove native', 'prove snarkjs'];

/** For each file, the commands that read it; those that read it in more ways are listed more often. */
const READ_BY: Readonly<Record<string, readonly CommandName[]>> = {
  'manifest.json': [...PROVE, 'check', 'check', 'rederive', 'rederive', 'setUp'],
  'interface.json': [...PROVE, 'check', 'check', 'rederive', 'readInput', 'readInput', 'setUp'],
  'integer-graph.json': [...PROVE, 'check', 'check', 'check', 'check', 'setUp'],
  'bounds.json': ['check', 'prove native'],
  'accuracy.json': ['prove native'],
  'quality.json': [...PROVE, 'rederive', 'rederive', 'setUp'],
  'circuit.circom': ['prove native'],
  'circuit.r1cs': ['check', 'check', 'check', 'check', 'prove native', 'setUp'],
  'circuit.sym': ['check', 'check', 'check', 'prove native'],
  'circuit.wasm': ['prove native'],
  'witness-plan.bin': [...PROVE, 'check', 'check', 'check', 'setUp'],
  'soundness.json': ['prove native', 'check'],
  'circuit.zkey': [...PROVE, 'prove snarkjs', 'examineKey'],
  'circuit.zkey.fold': ['prove native'],
  'circuit.prover-key': ['prove native'],
  'verification-key.json': [...PROVE],
  'setup.json': ['prove native', 'prove native', 'contribute'],
  'model.json': ['prove native', 'rederive', 'modelId', 'exportContract', 'calldata'],
};

/** Files about which there is more to get wrong. */
const WEIGHTS: Readonly<Record<string, number>> = {
  ...{ 'manifest.json': 4, 'interface.json': 3, 'integer-graph.json': 5, 'circuit.r1cs': 4 },
  ...{ 'witness-plan.bin': 3, 'circuit.zkey': 4, 'model.json': 3, 'circuit.prover-key': 2 },
};

const DRAW = Object.keys(READ_BY).flatMap((file) => Array.from({ length: WEIGHTS[file] ?? 1 }, () => file));

/** The mutant of this number: always the same one for the same bases. */
export function makeMutant(number: number, bases: readonly Base[]): Mutant {
  const choices = new Choices(number);
  const base = choices.of(bases);
  const file = choices.of(DRAW.filter((name) => base.files.has(name)));
  const command = choices.of(READ_BY[file]!);
  const original = base.files.get(file)!;
  const structural = file.endsWith('.json') && choices.chance(0.8);
  const { how, bytes } = structural ? mutateJson(original, choices) : mutateBytes(original, choices);
  const manifest = JSON.parse(base.files.get('manifest.json')!.toString('utf8')) as ArtifactManifest;
  const isListed = file === 'interface.json' || manifest.files[file] !== undefined;
  const digests = isListed
    ? choices.of<Digests>(['kept', 'listed', 'listed', 'recorded', 'recorded'])
    : 'kept';
  const files = new Map([[file, bytes]]);
  if (digests !== 'kept') files.set('manifest.json', listedIn(manifest, file, bytes));
  if (digests === 'recorded') {
    const record = recordOf(base, files);
    if (record !== undefined) files.set('model.json', record);
  }
  return { number, base, file, how, digests, command, files };
}

/**
 * model.json of the changed files. Not by `recordArtifact`, which takes as long as ten mutants because it prepares the
 * key; undefined where only that can say what is wrong.
 */
function recordOf(base: Base, files: ReadonlyMap<string, Buffer>): Buffer | undefined {
  const read = (name: string) => JSON.parse((files.get(name) ?? base.files.get(name)!).toString('utf8'));
  try {
    const record: ModelRecordV2 = read('model.json');
    const { manifest } = read('manifest.json') as ArtifactManifestV2;
    const { claims } = record.manifest;
    const parts = {
      ...record,
      ...{ interface: read('interface.json'), quality: read('quality.json') },
      manifest: { ...manifest, ...(claims !== undefined && { claims }) },
    };
    return Buffer.from(fileJson({ ...parts, ids: modelIdsV2(parts) }));
  } catch {
    return undefined;
  }
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** manifest.json with the digests of a changed file. */
export function listedIn(manifest: ArtifactManifest, file: string, bytes: Buffer): Buffer {
  const digest = sha256(bytes);
  const own =
    file === 'interface.json' ? { interface: digest } : { files: { ...manifest.files, [file]: digest } };
  const chain = {
    ...manifest.manifest.chain,
    ...(file === 'circuit.r1cs' && { circuit: circuitId(bytes) }),
    ...(file === 'integer-graph.json' && { integerGraph: digest }),
  };
  return Buffer.from(fileJson({ ...manifest, ...own, manifest: { ...manifest.manifest, chain } }));
}
