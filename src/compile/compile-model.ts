import {
  circuitId,
  fileJson,
  type InputMode,
  type InterfaceV2,
  type SoundnessClaim,
} from '@quietproof/verify';
import type { ArtifactManifestV2 } from '../artifact/artifact-manifest.ts';
import { ArtifactStage } from '../artifact/artifact-stage.ts';
import { boundsTable } from '../artifact/bounds-table.ts';
import { ARTIFACT } from '../artifact/file-names.ts';
import { weightLeakNotes } from '../artifact/weight-leak.ts';
import { CHECKED_ROWS, checkFiles } from '../check/check-artifact.ts';
import { ConstraintSystem } from '../check/constraint-system.ts';
import { checkRows } from '../check/row-check.ts';
import { type CircomStats, compileCircom } from '../circuit/circom/circom-compiler.ts';
import { circomWork, sizeRefusal } from '../circuit/circom/circom-work.ts';
import { circomDigest, circuitTemplates, includedTemplates } from '../circuit/circom/templates.ts';
import type { CircuitCost } from '../circuit/circuit-cost.ts';
import { type DerivedCircuit, deriveCircuit } from '../circuit/derive-circuit.ts';
import {
  encodeWitnessPlan,
  type WitnessCalculator,
  witnessCalculator,
} from '../circuit/witness-calculator.ts';
import { planWitness } from '../circuit/witness-plan.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { type R1cs, readR1cs } from '../formats/r1cs.ts';
import { integerGraphJson } from '../integer/integer-graph-json.ts';
import type { BitWidths } from '../quantize/bit-widths.ts';
import { encodeClamped } from '../quantize/encode-clamped.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { type AccuracyReport, accuracyRecord, accuracyReport } from './accuracy-report.ts';
import { artifactManifest } from './assemble-manifest.ts';
import { compareConstraints } from './compare-constraints.ts';
import { describeWidths } from './describe-widths.ts';
import { layerNames } from './layer-names.ts';
import {
  featureNames,
  type LoadedModel,
  loadModel,
  readModelRows,
  type StatementOptions,
} from './load-model.ts';
import { modelInterface } from './model-interface.ts';
import { type OutputReport, outputReports } from './output-report.ts';
import { BrokenContractError } from './quality/broken-contract.ts';
import type { ContractOptions } from './quality/contract.ts';
import { type Judgement, qualityRecord } from './quality/judge.ts';
import { partRows, type RowParts } from './quality/row-parts.ts';
import { type QuantizedOnData, quantizeOnData } from './quantize-on-data.ts';

export interface CompileOptions extends StatementOptions, ContractOptions {
  /** Path of the model: `.onnx`, or a TensorFlow.js `model.json`. */
  readonly model: string;
  /** Path of the rows that the scales are calibrated on. */
  readonly calibration: string;
  /** Path of the held-out rows. Default: two thirds of the calibration rows, which then do not calibrate. */
  readonly test?: string;
  /** Compile a model that breaks the contract; its record and every verdict then say so. */
  readonly acceptLoss?: boolean;
  /** The artifact folder. */
  readonly out: string;
  /** Also write circom's own witness calculator, a test oracle. */
  readonly wasm?: boolean;
  /** Skip the soundness check; the manifest then says so. */
  readonly skipCheck?: boolean;
  readonly onStep?: (step: CompileStep) => void;
  readonly signal?: AbortSignal;
}

export type CompileStep = 'import' | 'quantize' | 'circom' | 'check' | 'soundness' | 'write';

export interface CompileResult {
  readonly manifest: ArtifactManifestV2;
  readonly judgement: Judgement;
  readonly accuracy: AccuracyReport;
  readonly circom: CircomStats;
  readonly widths: BitWidths;
  readonly outputs: readonly OutputReport[];
  readonly notes: readonly string[];
  /** The name of a layer for people. */
  readonly layerName: (layer: string) => string;
}

/** Calibration rows whose witnesses are checked against the compiled r1cs. */
const TRIED_ROWS = 4;

/**
 * Compiles a model: import → quantize, judged on held-out rows → integer graph with proved bounds → circom → r1cs. Then
 * checks the executor's witnesses against the r1cs, checks soundness, and writes the artifact folder. The same inputs give
 * the same bytes.
 *
 * @throws QuietproofError QP11xx (data), QP2xxx (model), QP3xxx (quantization), QP4xxx (circuit), QP8001 (disk full);
 *   BrokenContractError QP3103 if the contract is broken and the loss not accepted
 */
export async function compileModel(options: CompileOptions): Promise<CompileResult> {
  const { onStep } = options;
  onStep?.('import');
  const loaded = await loadModel(options.model, options);
  const parts = await readParts(loaded, options);
  const { calibration } = parts;
  const stage = await ArtifactStage.open(options.out);
  try {
    onStep?.('quantize');
    const quantized = await quantizeOnData(loaded, parts, options);
    const { model, cost, judgement } = quantized;
    if (judgement.result === 'broken' && !options.acceptLoss) throw broken(quantized);
    const tooLarge = sizeRefusal(circomWork(model.graph, cost.constraints));
    if (tooLarge !== undefined) throw tooLarge;
    const circuit = deriveCircuit(model.graph);
    const publicInterface = modelInterface(model, circuit.bounds, loaded);
    const accuracy = accuracyReport(judgement, parts.judging, quantized.runtime);
    await stage.write(ARTIFACT.integerGraph, integerGraphJson(model.graph));
    await stage.write(ARTIFACT.bounds, fileJson(boundsTable(model.graph, circuit.bounds)));
    await stage.write(ARTIFACT.interface, fileJson(publicInterface));
    await stage.write(ARTIFACT.accuracy, fileJson(accuracyRecord(accuracy)));
    await stage.write(ARTIFACT.quality, fileJson(qualityRecord(judgement)));
    onStep?.('circom');
    const includes = includedTemplates(circuit.source, await circuitTemplates());
    const circom = await compileStaged(circuit, includes, stage, options);
    onStep?.('check');
    const r1cs = readR1cs(await stage.adopt(ARTIFACT.r1cs), ARTIFACT.r1cs);
    const calculator = await checkStaged(circuit, cost, r1cs, stage);
    tryRows(calculator, model, calibration.rows, r1cs);
    if (!options.skipCheck) onStep?.('soundness');
    const soundness: SoundnessClaim = options.skipCheck
      ? { verdict: 'skipped' }
      : await proveStaged(circuit, publicInterface, stage);
    onStep?.('write');
    const manifest = await artifactManifest({
      loaded,
      quantized: model,
      reason: quantized.reason,
      selection: typeof options.bits === 'number' ? 'given' : 'auto',
      cost,
      parts,
      comparison: judgement.comparison,
      circomDigest: circomDigest(circuit.source, includes),
      circuitId: circuitId(await stage.adopt(ARTIFACT.r1cs)),
      digests: stage.digests,
      soundness,
    });
    await stage.write(ARTIFACT.manifest, fileJson(manifest));
    await stage.commit();
    return {
      manifest,
      judgement,
      accuracy,
      circom,
      widths: model.widths,
      outputs: outputReports(loaded, options),
      notes: notesOf(parts, model.graph.statement.input, soundness),
      layerName: layerNames(featureNames(loaded)),
    };
  } finally {
    await stage.close();
  }
}

/** Reads the rows, and decides which of them calibrate and which judge. */
export async function readParts(
  loaded: LoadedModel,
  { calibration, test }: Pick<CompileOptions, 'calibration' | 'test'>,
): Promise<RowParts> {
  const rows = await readModelRows(calibration, loaded);
  return partRows(rows, test === undefined ? undefined : await readModelRows(test, loaded));
}

function broken({ model, judgement, sensitivity }: QuantizedOnData): BrokenContractError {
  const bits = describeWidths(model.widths);
  return new BrokenContractError({ judgement, bits, sensitivity: sensitivity() });
}

async function compileStaged(
  circuit: DerivedCircuit,
  includes: ReadonlyMap<string, string>,
  stage: ArtifactStage,
  options: CompileOptions,
): Promise<CircomStats> {
  await stage.write(ARTIFACT.circom, circuit.source);
  const { stats } = await compileCircom({
    source: circuit.source,
    includes,
    outDir: stage.folder,
    wasm: options.wasm ?? false,
    ...(options.signal !== undefined && { signal: options.signal }),
  });
  if (options.wasm) await stage.adopt(ARTIFACT.wasm);
  return stats;
}

/** Compares the circuit with the predicted cost, finds the source of every wire, and writes the witness plan. */
async function checkStaged(
  circuit: DerivedCircuit,
  cost: CircuitCost,
  r1cs: R1cs,
  stage: ArtifactStage,
): Promise<WitnessCalculator> {
  const sym = (await stage.adopt(ARTIFACT.sym)).toString('utf8');
  const plan = planWitness(circuit.sources, sym, r1cs.nWires);
  compareConstraints(cost, circuit, r1cs, sym);
  await stage.write(ARTIFACT.witnessPlan, encodeWitnessPlan(plan));
  return witnessCalculator(circuit, plan);
}

/** Smoke test of a compilation: the executor's witnesses must satisfy the compiled constraints. */
function tryRows(
  calculator: WitnessCalculator,
  model: QuantizedModel,
  rows: readonly Float64Array[],
  r1cs: R1cs,
): void {
  const tried = rows.slice(0, TRIED_ROWS).map((row) => encodeClamped(model, row));
  const violation = checkRows(new ConstraintSystem(r1cs), calculator, tried, model.graph.statement.input);
  if (violation === undefined) return;
  throw new QuietproofError('QP4102', { where: `row ${violation.row}, constraint ${violation.constraint}` });
}

/** Runs `quietproof check` on the staged files and stages its record. */
async function proveStaged(
  circuit: DerivedCircuit,
  publicInterface: InterfaceV2,
  stage: ArtifactStage,
): Promise<SoundnessClaim> {
  const text = async (name: string) => (await stage.adopt(name)).toString('utf8');
  const { record } = checkFiles(
    {
      r1cs: await stage.adopt(ARTIFACT.r1cs),
      sym: await text(ARTIFACT.sym),
      integerGraph: Buffer.from(integerGraphJson(circuit.graph)),
      interface: Buffer.from(fileJson(publicInterface)),
      bounds: await text(ARTIFACT.bounds),
      witnessPlan: await stage.adopt(ARTIFACT.witnessPlan),
    },
    CHECKED_ROWS,
  );
  await stage.write(ARTIFACT.soundness, fileJson(record));
  return { verdict: record.verdict, record: stage.digests[ARTIFACT.soundness]! };
}

function notesOf({ calibration, judging }: RowParts, input: InputMode, soundness: SoundnessClaim): string[] {
  const notes = judging === calibration ? [...calibration.notes] : [...calibration.notes, ...judging.notes];
  if (soundness.verdict !== 'proved') {
    notes.push(
      `The circuit is not proved sound (${soundness.verdict}): run \`quietproof check\` on the artifact`,
    );
  }
  return [...notes, ...weightLeakNotes(input)];
}
