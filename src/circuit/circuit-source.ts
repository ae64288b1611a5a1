import { ZERO } from '../graph/float-graph.ts';
import type { IntegerGraph } from '../integer/integer-graph.ts';
import { primitiveOf } from '../integer/primitives.ts';
import { OUTPUT_SIGNALS } from '../integer/statement.ts';
import type { CircuitPlan } from './circuit-plan.ts';
import type { InputCircuit } from './input-modes/input-mode.ts';
import { type Argument, groupsOf, type Instances, type Layer, type LayerGroup } from './layer.ts';
import { packWeights } from './packed-weights.ts';

const CIRCOM_VERSION = '2.2.0';

/** How weights are written: packed into long literals, which circom has room for, or one by one, as in artifacts of 0.1. */
export type WeightText = 'packed' | 'plain';

/**
 * The circom text of a circuit: instances of the templates in `circuits/`, and the wires between them. The same graph
 * always gives the same bytes. The templates read packed weights: the plain form is for comparison alone.
 */
export function circuitSource(
  graph: IntegerGraph,
  plan: CircuitPlan,
  input: InputCircuit,
  weights: WeightText = 'packed',
): string {
  const wires = new WireNames(graph, plan);
  const files = new Set(plan.layers.map(({ node }) => primitiveOf(node).template.file));
  const includes = [...Array.from(files).sort(), ...input.includes];
  const { outputs } = graph.statement;
  const output = OUTPUT_SIGNALS[graph.statement.output];
  return [
    `pragma circom ${CIRCOM_VERSION};`,
    '',
    ...includes.map((file) => `include "${file}";`),
    '',
    `// Public signals are ${output}, the ${input.title}, the context.`,
    'template Model() {',
    `    signal input in[${graph.input.count}];`,
    ...input.inputs.map((name) => `    signal input ${name};`),
    '    signal input context;',
    `    signal output ${output}[${outputs.length}];`,
    ...input.outputs.map((name) => `    signal output ${name};`),
    '',
    ...plan.layers.flatMap((layer) => [...layerText(layer, wires, weights), '']),
    ...statementText(graph, plan, wires),
    '',
    ...input.body.map((line) => (line === '' ? '' : `    ${line}`)),
    '    // Bound to the proof by appearing in a constraint: no proof for one context passes for another.',
    '    signal contextSquared;',
    '    contextSquared <== context * context;',
    '}',
    '',
    `component main {public [${[...input.publicInputs, 'context'].join(', ')}]} = Model();`,
    '',
  ].join('\n');
}

/** The public outputs. A sum with a signal that is 0 leaves an input that is stated its own wire (see SharedWires). */
function statementText({ statement }: IntegerGraph, plan: CircuitPlan, wires: WireNames): string[] {
  const output = OUTPUT_SIGNALS[statement.output];
  const isApart = (id: number) => plan.wires.isInput(id);
  return [
    ...(statement.outputs.some(isApart) ? ['signal zero;', 'zero <== 0;'] : []),
    ...Array.from(statement.outputs, (id, i) => {
      const wire = isApart(id) ? `${wires.name(id)} + zero` : wires.name(id);
      return `${output}[${i}] <== ${wire};`;
    }),
  ].map((line) => `    ${line}`);
}

/** Finds the signals that carry values. */
class WireNames {
  readonly #inputCount: number;
  readonly #layers: readonly Layer[];

  constructor(graph: IntegerGraph, plan: CircuitPlan) {
    this.#inputCount = graph.input.count;
    this.#layers = plan.layers.toSorted((a, b) => a.outputFirst - b.outputFirst);
  }

  /** The signal that carries a value. */
  name(id: number): string {
    const { array, index } = this.place(id);
    return `${array}[${index}]`;
  }

  place(id: number): { readonly array: string; readonly index: number } {
    if (id < this.#inputCount) return { array: 'in', index: id };
    const layer = this.#find(id);
    return { array: `${layer.name}_out`, index: id - layer.outputFirst };
  }

  #find(id: number): Layer {
    let low = 0;
    let high = this.#layers.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#layers[middle]!.outputFirst <= id) low = middle;
      else high = middle - 1;
    }
    return this.#layers[low]!;
  }
}

function layerText(layer: Layer, wires: WireNames, weights: WeightText): string[] {
  const { name, node, origin, positions, outputs } = layer;
  const distinct = Int32Array.from(new Set(layer.sources)).sort();
  const zero = distinct[0] === ZERO;
  const ids = zero ? distinct.subarray(1) : distinct;
  const from = `${name}_from`;
  const instances = layer.instances();
  const what = origin.length === 0 ? node.name : `${node.name} (${origin.join(', ')})`;
  return [
    `// ${what.replace(/[^\x20-\x7e]/g, '?')}`,
    `var ${from}[${ids.length + (zero ? 1 : 0)}];`,
    ...wireRuns(ids, wires).flatMap((run) => runText(from, run)),
    ...(zero ? [`${from}[${ids.length}] = 0;`] : []),
    `signal ${name}_out[${positions * outputs}];`,
    ...groupsOf(layer, instances).flatMap((group, k) =>
      groupText(layer, instances, group, k, { ids, weights }),
    ),
  ].map((line) => `    ${line}`);
}

/** One array of components, with its input and output wires. */
function groupText(
  layer: Layer,
  { args: layerArgs }: Instances,
  group: LayerGroup,
  classIndex: number,
  { ids, weights }: { readonly ids: Int32Array; readonly weights: WeightText },
): string[] {
  const { name, positions } = group;
  const { inputs, outputs } = layer;
  const args = layerArgs.map(({ name: parameter, value }) => {
    const argument = 'shared' in value ? value.shared : value.byClass[classIndex]!;
    const isPacked = parameter === 'weights' && weights === 'packed';
    return isPacked ? packedText(argument as readonly ArrayLike<number>[]) : arrayText(argument);
  });
  const gather = !inPlace(layer, ids);
  const source = gather ? `${name}_at[p][t]` : 't';
  const all = positions.length === layer.positions;
  const place = all ? 'p' : `${name}_position[p]`;
  return [
    ...(gather ? [`var ${name}_at[${positions.length}][${inputs}] = ${gatherText(layer, group, ids)};`] : []),
    ...(all ? [] : [`var ${name}_position[${positions.length}] = ${arrayText(positions)};`]),
    `component ${name}[${positions.length}];`,
    `for (var p = 0; p < ${positions.length}; p++) {`,
    `    ${name}[p] = ${primitiveOf(layer.node).template.name}(${args.join(', ')});`,
    `    for (var t = 0; t < ${inputs}; t++) {`,
    `        ${name}[p].in[t] <== ${layer.name}_from[${source}];`,
    '    }',
    `    for (var r = 0; r < ${outputs}; r++) {`,
    `        ${layer.name}_out[r * ${layer.positions} + ${place}] <== ${name}[p].out[r];`,
    '    }',
    '}',
  ];
}

/** Whether there is one position and it reads its sources in the order of their ids. */
function inPlace(layer: Layer, ids: Int32Array): boolean {
  return (
    layer.positions === 1 && layer.inputs === ids.length && layer.sources.every((id, t) => id === ids[t])
  );
}

function gatherText({ inputs, sources }: Layer, { positions }: LayerGroup, ids: Int32Array): string {
  const place = new Map(Array.from(ids, (id, i) => [id, i]));
  const rows = positions.map((p) =>
    Array.from(sources.subarray(p * inputs, (p + 1) * inputs), (id) =>
      id === ZERO ? ids.length : place.get(id)!,
    ),
  );
  return arrayText(rows);
}

interface Run {
  readonly target: number;
  readonly array: string;
  readonly index: number;
  readonly length: number;
}

/** Groups sources whose targets and array entries are both consecutive: each run becomes one loop. */
function wireRuns(ids: Int32Array, wires: WireNames): Run[] {
  const runs: Run[] = [];
  ids.forEach((id, target) => {
    const { array, index } = wires.place(id);
    const last = runs.at(-1);
    if (last !== undefined && last.array === array && last.index + last.length === index) {
      runs[runs.length - 1] = { ...last, length: last.length + 1 };
    } else runs.push({ target, array, index, length: 1 });
  });
  return runs;
}

function runText(from: string, { target, array, index, length }: Run): string[] {
  if (length === 1) return [`${from}[${target}] = ${array}[${index}];`];
  const at = (start: number) => (start === 0 ? 'i' : `${start} + i`);
  return [
    `for (var i = 0; i < ${length}; i++) {`,
    `    ${from}[${at(target)}] = ${array}[${at(index)}];`,
    '}',
  ];
}

function arrayText(argument: Argument): string {
  if (typeof argument === 'number') return String(argument);
  const parts = Array.from(argument as ArrayLike<Argument>, arrayText);
  return typeof argument[0] === 'number'
    ? `[${parts.join(',')}]`
    : `[\n        ${parts.join(',\n        ')}]`;
}

/** Three arguments: the literals, the bits of a digit, and the least weight. */
function packedText(rows: readonly ArrayLike<number>[]): string {
  const { literals, digitBits, least } = packWeights(rows);
  const lines = literals.map((row) => `[${row.join(',')}]`);
  return `[\n        ${lines.join(',\n        ')}], ${digitBits}, ${least}`;
}
