import type { CostRecord } from '../artifact/artifact-manifest.ts';
import { costRecord, inputCostRows } from '../artifact/cost-record.ts';
import { circomWork, sizeRefusal } from '../circuit/circom/circom-work.ts';
import { INPUT_CIRCUITS } from '../circuit/input-modes/input-modes.ts';
import type { Categories } from '../data/categories.ts';
import { pseudoRandom } from '../data/pseudo-random.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { describeGraph, type GraphDescription } from '../graph/describe-graph.ts';
import type { FloatGraph, InputTensor } from '../graph/float-graph.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { BitWidths } from '../quantize/bit-widths.ts';
import { DEFAULT_BITS } from '../quantize/bit-widths.ts';
import { readParts } from './compile-model.ts';
import { layerNames } from './layer-names.ts';
import { featureNames, type LoadedModel, loadModel, type StatementOptions } from './load-model.ts';
import { machineSlowness } from './machine-speed.ts';
import { type OutputReport, outputReports } from './output-report.ts';
import { type Prediction, predict } from './prediction.ts';
import type { ContractOptions } from './quality/contract.ts';
import type { Judgement } from './quality/judge.ts';
import { quantizeOnData, quantizeUniform } from './quantize-on-data.ts';
import { knobsOf } from './search/knobs.ts';

export interface InspectOptions extends StatementOptions, ContractOptions {
  /** Path of the rows to calibrate on; without it the cost is estimated on made-up rows. */
  readonly calibration?: string;
  /** Path of the held-out rows, as in `compile`. */
  readonly test?: string;
}

/** Describes a model and predicts what it takes to prove it. */
export interface ModelReport {
  readonly name: string;
  readonly source: FloatGraph['source'];
  readonly input: Omit<FloatGraph['input'], 'parts'> & { readonly parts: readonly InputReport[] };
  readonly outputs: readonly OutputReport[];
  readonly widths: BitWidths;
  /** Layers as they will be proved, after fusing. Their constraints sum to `cost.constraints` minus the context's. */
  readonly layers: readonly LayerReport[];
  readonly cost: CostRecord;
  readonly prediction: Prediction;
  /** Why `compile` refuses the circuit, where it does. */
  readonly refusal?: { readonly code: ErrorCode; readonly where: string; readonly fix: string };
  /** What trees compare; missing in a model without trees. */
  readonly comparisons?: Comparisons;
  /** Which rows the scales come from. */
  readonly basis: 'calibration' | 'made-up rows';
  /** Whether the contract is kept; missing with made-up rows. */
  readonly judgement?: Judgement;
}

export interface InputReport extends InputTensor {
  /** What each of its values is, where it has texts. */
  readonly texts?: readonly Categories[];
}

/** The comparisons of all trees: each threshold of a feature is there once. */
export interface Comparisons {
  /** By compared value: how many thresholds it has, the most first. */
  readonly cuts: readonly { readonly value: string; readonly cuts: number; readonly constraints: number }[];
  readonly constraints: number;
  /** Whether nothing else of the model is rounded, so that its cost needs no rows. */
  readonly isExact: boolean;
}

export interface LayerReport {
  readonly name: string;
  /** Operators of the model file; `Quietproof` for steps that the compiler adds (`label`, `digest`). */
  readonly op: string;
  readonly outputs: number;
  readonly macs: number;
  readonly parameters: number;
  readonly constraints: number;
}

/**
 * Reads a model and predicts what it costs to prove.
 *
 * @throws QuietproofError QP2xxx naming the operator or attribute that cannot be proved
 */
export async function inspectModel(modelPath: string, options: InspectOptions = {}): Promise<ModelReport> {
  const loaded = await loadModel(modelPath, options);
  const { graph } = loaded;
  const started = performance.now();
  const { model, cost: predicted, judgement } = await quantize(loaded, options);
  const quantizeSeconds = (performance.now() - started) / 1000;
  const cost = costRecord(predicted);
  const work = circomWork(model.graph, cost.constraints);
  const furtherCoefficients = INPUT_CIRCUITS[model.graph.statement.input].furtherCoefficients(model.graph);
  const refusal = sizeRefusal(work);
  const named = layerNames(featureNames(loaded));
  return {
    name: graph.name,
    source: graph.source,
    input: { ...graph.input, parts: inputReports(graph) },
    outputs: outputReports(loaded, options),
    widths: model.widths,
    layers: layerReports(describeGraph(graph), cost, inputCostRows(model.graph.statement.input, cost)).map(
      (layer) => ({ ...layer, name: named(layer.name) }),
    ),
    cost,
    prediction: predict({
      ...{ cost, work, furtherCoefficients, slowness: machineSlowness() },
      ...(judgement !== undefined && { quantizeSeconds }),
    }),
    ...(refusal !== undefined && {
      refusal: { code: refusal.code, where: refusal.where ?? '', fix: refusal.fix ?? '' },
    }),
    ...comparisonsOf(loaded, model.graph, cost, named),
    basis: judgement === undefined ? 'made-up rows' : 'calibration',
    ...(judgement !== undefined && { judgement }),
  };
}

function inputReports({ input, categories = [] }: FloatGraph): InputReport[] {
  let first = 0;
  return input.parts.map((part) => {
    const texts = categories.slice(first, first + part.count).filter((own) => own !== undefined);
    first += part.count;
    return { ...part, ...(texts.length > 0 && { texts }) };
  });
}

async function quantize(loaded: LoadedModel, options: InspectOptions) {
  const { calibration, test } = options;
  if (calibration !== undefined) {
    const files = { calibration, ...(test !== undefined && { test }) };
    return await quantizeOnData(loaded, await readParts(loaded, files), options);
  }
  const bits = typeof options.bits === 'number' ? options.bits : DEFAULT_BITS;
  const rows = madeUpRows(loaded.graph);
  return { ...quantizeUniform(loaded, rows, { ...options, bits }), judgement: undefined };
}

const MADE_UP_ROWS = 32;
/** Limits the rows of a large model by its multiplications. */
const MOST_MACS = 6e7;
const FEWEST_ROWS = 4;

/** Random values in 0 … 1, like pixels and scaled features: good enough for an order of magnitude. */
function madeUpRows(graph: FloatGraph): Float64Array[] {
  const next = pseudoRandom();
  const macs = describeGraph(graph).nodes.reduce((sum, node) => sum + node.macs, 1);
  const length = Math.max(FEWEST_ROWS, Math.min(MADE_UP_ROWS, Math.floor(MOST_MACS / macs)));
  return Array.from({ length }, () => Float64Array.from({ length: graph.input.count }, next));
}

function layerReports(
  description: GraphDescription,
  cost: CostRecord,
  inputRows: ReturnType<typeof inputCostRows>,
): LayerReport[] {
  const constraints = new Map(cost.layers.map((layer) => [layer.layer, layer.constraints]));
  const layers = description.nodes.map((node) => {
    const own = constraints.get(node.name) ?? 0;
    constraints.delete(node.name);
    return {
      name: node.name,
      op: node.origin.join(', '),
      outputs: node.count,
      macs: node.macs,
      parameters: node.params,
      constraints: own,
    };
  });
  const addedStep = (name: string, own: number) => ({
    ...{ name, op: 'Quietproof', outputs: 1, macs: 0, parameters: 0 },
    constraints: own,
  });
  const added = Array.from(constraints, ([name, own]) => addedStep(name, own));
  return [...layers, ...added, ...inputRows.map(({ name, constraints: own }) => addedStep(name, own))];
}

function comparisonsOf(
  { graph, ranked }: Pick<LoadedModel, 'graph' | 'ranked'>,
  { nodes }: IntegerGraph,
  { layers }: CostRecord,
  named: (layer: string) => string,
): Pick<ModelReport, 'comparisons'> {
  const constraints = new Map(layers.map((own) => [own.layer, own.constraints]));
  const cuts = nodes.flatMap((node) => {
    if (node.op !== 'thermometer' || ranked[node.source]?.kind === 'category') return [];
    const value = named(node.name).replace(/\/(cuts|range)$/, '');
    return [{ value, cuts: node.count, constraints: constraints.get(node.name) ?? 0 }];
  });
  if (cuts.length === 0) return {};
  const isExact = knobsOf(graph, ranked).length === 0;
  const total = cuts.reduce((sum, own) => sum + own.constraints, 0);
  return {
    comparisons: { cuts: cuts.toSorted((a, b) => b.cuts - a.cuts), constraints: total, isExact },
  };
}
