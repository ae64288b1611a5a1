import type { IntegerGraph } from '../integer/integer-graph.ts';
import type { CircuitPlan } from './circuit-plan.ts';
import type { Argument, Component } from './component.ts';

/** The digest part of a circuit: its component, as text, and the includes it needs. */
export interface DigestSource {
  readonly includes: readonly string[];
  /** Declares component `digest` with inputs `in[…]` and `salt`, output `out`. */
  readonly declaration: string;
}

const CIRCOM_VERSION = '2.2.0';
const TEMPLATE_FILES: Readonly<Record<string, string>> = {
  Linear: 'linear.circom',
  LinearRequantize: 'linear-requantize.circom',
  Max: 'max.circom',
  Argmax: 'argmax.circom',
  Threshold: 'threshold.circom',
};

/**
 * The circom text of a circuit: instances of the templates in `circuits/`, and wires between them. The same graph
 * gives the same bytes.
 */
export function circuitSource(
  graph: IntegerGraph,
  plan: CircuitPlan,
  digest: DigestSource | undefined,
): string {
  const wires = new WireNames(graph, plan);
  const files = new Set(plan.components.map((component) => TEMPLATE_FILES[component.template]!));
  const includes = [...Array.from(files).sort(), ...(digest?.includes ?? [])];
  const output = graph.statement.output;
  const outputs = graph.statement.outputs;
  const publicInputs = graph.statement.input === 'public' ? 'in, context' : 'context';
  return [
    `pragma circom ${CIRCOM_VERSION};`,
    '',
    ...includes.map((file) => `include "${file}";`),
    '',
    `// ${graph.name}: public signals are ${output}, the ${digest ? "input's digest" : 'input'}, the context.`,
    'template Model() {',
    `    signal input in[${graph.input.count}];`,
    ...(digest ? ['    signal input salt;'] : []),
    '    signal input context;',
    `    signal output ${output}[${outputs.length}];`,
    ...(digest ? ['    signal output inputDigest;'] : []),
    '',
    ...plan.components.flatMap((component) => [...componentText(component, wires), '']),
    ...Array.from(outputs, (id, i) => `    ${output}[${i}] <== ${wires.name(id)};`),
    '',
    ...(digest ? digestText(digest, graph.input.count) : []),
    '    // Bound to the proof by appearing in a constraint: no proof for one context passes for another.',
    '    signal contextSquared;',
    '    contextSquared <== context * context;',
    '}',
    '',
    `component main {public [${publicInputs}]} = Model();`,
    '',
  ].join('\n');
}

function digestText(digest: DigestSource, count: number): string[] {
  return [
    ...digest.declaration.split('\n').map((line) => `    ${line}`),
    `    for (var i = 0; i < ${count}; i++) {`,
    '        digest.in[i] <== in[i];',
    '    }',
    '    digest.salt <== salt;',
    '    inputDigest <== digest.out;',
    '',
  ];
}

/** Names of wires by value id. */
class WireNames {
  readonly #inputCount: number;
  readonly #components: readonly Component[];

  constructor(graph: IntegerGraph, plan: CircuitPlan) {
    this.#inputCount = graph.input.count;
    this.#components = plan.components.toSorted((a, b) => a.outputFirst - b.outputFirst);
  }

  /** The signal that carries a value; `0` for ZERO. */
  name(id: number): string {
    const { array, index } = this.place(id);
    return index === undefined ? array : `${array}[${index}]`;
  }

  place(id: number): { readonly array: string; readonly index: number | undefined } {
    if (id < 0) return { array: '0', index: undefined };
    if (id < this.#inputCount) return { array: 'in', index: id };
    const component = this.#find(id);
    const index = component.scalarOutput ? undefined : id - component.outputFirst;
    return { array: `${component.name}.out`, index };
  }

  #find(id: number): Component {
    let low = 0;
    let high = this.#components.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#components[middle]!.outputFirst <= id) low = middle;
      else high = middle - 1;
    }
    return this.#components[low]!;
  }
}

function componentText(component: Component, wires: WireNames): string[] {
  const { name, template, layer, origin, args, inputs } = component;
  const what = origin.length === 0 ? layer : `${layer} (${origin.join(', ')})`;
  return [
    `    // ${what.replace(/[^\x20-\x7e]/g, '?')}`,
    `    component ${name} = ${template}(${args.map((argument) => argumentText(argument, 0)).join(', ')});`,
    ...(component.scalarInput
      ? [`    ${name}.in <== ${wires.name(inputs[0]!)};`]
      : wireRuns(inputs, wires).flatMap((run) => runText(name, run))),
  ];
}

interface Run {
  readonly target: number;
  readonly array: string;
  readonly index: number | undefined;
  readonly length: number;
}

/** Inputs that are neighbours at both ends become one loop. */
function wireRuns(inputs: Int32Array, wires: WireNames): Run[] {
  const runs: Run[] = [];
  inputs.forEach((id, target) => {
    const { array, index } = wires.place(id);
    const last = runs.at(-1);
    const follows =
      last !== undefined &&
      last.array === array &&
      index !== undefined &&
      last.index! + last.length === index;
    if (follows) runs[runs.length - 1] = { ...last, length: last.length + 1 };
    else runs.push({ target, array, index, length: 1 });
  });
  return runs;
}

function runText(name: string, run: Run): string[] {
  const { target, array, index, length } = run;
  if (index === undefined) return [`    ${name}.in[${target}] <== ${array};`];
  if (length === 1) return [`    ${name}.in[${target}] <== ${array}[${index}];`];
  const at = (start: number) => (start === 0 ? 'i' : `${start} + i`);
  return [
    `    for (var i = 0; i < ${length}; i++) {`,
    `        ${name}.in[${at(target)}] <== ${array}[${at(index)}];`,
    '    }',
  ];
}

function argumentText(argument: Argument, depth: number): string {
  if (typeof argument === 'number') return String(argument);
  const parts = Array.from(argument as ArrayLike<Argument>, (part) => argumentText(part, depth + 1));
  const isMatrix = typeof argument[0] !== 'number';
  return isMatrix ? `[\n        ${parts.join(',\n        ')}]` : `[${parts.join(',')}]`;
}
