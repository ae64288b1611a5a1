import path from 'node:path';
import { fileJson, parseAnyInterface } from '@quietproof/verify';
import {
  type ArtifactFileName,
  notTogether,
  readArtifactFile,
  unlessRefused,
} from '../artifact/artifact-file.ts';
import { boundsTable } from '../artifact/bounds-table.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { readIntegerGraph } from '../artifact/read-integer-graph.ts';
import { parseArtifactManifest } from '../artifact/read-manifest.ts';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import { decodeWitnessPlan, witnessCalculator } from '../circuit/witness-calculator.ts';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readR1cs } from '../formats/r1cs.ts';
import { writeDurably } from '../store/durable-file.ts';
import { settleFolder } from '../store/staged-files.ts';
import { checkCircuit, type Soundness } from './check-circuit.ts';
import { ConstraintSystem } from './constraint-system.ts';
import { checkRows } from './row-check.ts';
import { sampleRows } from './sample-rows.ts';
import { type SoundnessRecord, soundnessRecord } from './soundness-record.ts';

/** Number of rows that a check tries, and that a thorough check tries. */
export const CHECKED_ROWS = 16;
export const THOROUGH_ROWS = 1000;

export interface ArtifactFiles {
  readonly r1cs: Uint8Array;
  readonly sym: string;
  readonly integerGraph: Uint8Array;
  readonly interface: Uint8Array;
  readonly bounds: string;
  readonly witnessPlan: Uint8Array;
}

export interface ArtifactCheck {
  readonly record: SoundnessRecord;
  readonly soundness: Soundness;
}

/**
 * Checks an artifact's circuit and writes the record into the artifact: the same bytes that `compile` wrote.
 *
 * @throws QuietproofError QP4501 if it is not an artifact, QP4502 if a file changed since it was compiled, QP4601 to
 *   QP4605, QP5011 if a file is damaged
 */
export async function checkArtifact(
  folder: string,
  rows = CHECKED_ROWS,
  file: string = ARTIFACT.soundness,
): Promise<ArtifactCheck> {
  const files = await readArtifactFiles(folder);
  const check = checkFiles(files, rows);
  await writeDurably(path.join(folder, file), fileJson(check.record));
  return check;
}

/** Proves the claims about the files of one artifact, and tries rows on them. */
export function checkFiles(files: ArtifactFiles, rowCount: number): ArtifactCheck {
  const r1cs = readR1cs(files.r1cs, ARTIFACT.r1cs);
  const graph = readIntegerGraph(files.integerGraph);
  const modelInterface = unlessRefused(ARTIFACT.interface, () => parseAnyInterface(files.interface));
  const circuit = deriveCircuit(graph);
  const proved = checkCircuit({
    r1cs,
    sym: files.sym,
    sources: circuit.sources,
    copies: circuit.copies,
    graph,
    modelInterface,
  });
  const isTable = fileJson(boundsTable(graph, circuit.bounds)) === files.bounds;
  const calculator = witnessCalculator(circuit, decodeWitnessPlan(files.witnessPlan, circuit));
  if (calculator.wireCount !== r1cs.nWires) {
    throw notTogether(`the circuit has ${r1cs.nWires} wires, the witness plan ${calculator.wireCount}`);
  }
  const rows = sampleRows(graph, rowCount);
  const violation = checkRows(new ConstraintSystem(r1cs), calculator, rows, graph.statement.input);
  const problems = [
    ...(isTable
      ? []
      : [{ claim: 'range', where: ARTIFACT.bounds, what: 'its ranges are not the proved ones' }]),
    ...(violation === undefined
      ? []
      : [
          {
            claim: 'correspondence',
            where: `row ${violation.row}`,
            what: `the executor's witness violates constraint ${violation.constraint}`,
          },
        ]),
  ] as Soundness['problems'];
  const soundness = withProblems(proved, problems);
  const ids = { circuit: sha256(files.r1cs), integerGraph: sha256(files.integerGraph) };
  return { soundness, record: soundnessRecord(soundness, ids, rows.length) };
}

function withProblems(soundness: Soundness, more: Soundness['problems']): Soundness {
  if (more.length === 0) return soundness;
  const claims = { ...soundness.claims };
  for (const { claim } of more) claims[claim] = 'unknown';
  return {
    ...soundness,
    claims,
    verdict: soundness.verdict === 'proved' ? 'unknown' : soundness.verdict,
    problems: [...soundness.problems, ...more],
    problemCount: soundness.problemCount + more.length,
  };
}

async function readArtifactFiles(folder: string): Promise<ArtifactFiles> {
  await settleFolder(folder);
  const read = async (name: ArtifactFileName) => {
    const bytes = await readArtifactFile(folder, name);
    if (bytes !== undefined) return bytes;
    throw new QuietproofError('QP4501', { where: `${path.basename(folder)}/${name}` });
  };
  const manifest = parseArtifactManifest(await read(ARTIFACT.manifest));
  const checked = async (name: ArtifactFileName) => {
    const bytes = await read(name);
    const expected = name === ARTIFACT.interface ? manifest.interface : manifest.files[name];
    if (sha256(bytes) === expected) return bytes;
    throw new QuietproofError('QP4502', { where: name, fix: 'Compile the model again' });
  };
  return {
    r1cs: await checked(ARTIFACT.r1cs),
    sym: (await checked(ARTIFACT.sym)).toString('utf8'),
    integerGraph: await checked(ARTIFACT.integerGraph),
    interface: await checked(ARTIFACT.interface),
    bounds: (await checked(ARTIFACT.bounds)).toString('utf8'),
    witnessPlan: await checked(ARTIFACT.witnessPlan),
  };
}
