import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadModel, readModelRows } from '#dist/compile/load-model.js';
import { partRows } from '#dist/compile/quality/row-parts.js';
import { quantizeOnData } from '#dist/compile/quantize-on-data.js';
import { lowerBound, upperBound, valueAt } from '#dist/integer/bounds.js';
import { decomposeOne } from '#dist/integer/decomposition.js';
import { computeBounds, executeInteger } from '#dist/integer/execute.js';
import type { Requantize } from '#dist/integer/integer-graph.js';
import { encodeClamped } from '#dist/quantize/encode-clamped.js';
import type { QuantizedModel } from '#dist/quantize/quantize.js';

/**
 * How many bits of the accumulators' proved ranges no row reaches, and which share of the held-out rows would be refused
 * by decompositions of the bits that the calibration rows reach, with some bits of headroom.
 */
interface Unreached {
  /** Rounded or rectified values that are decomposed. */
  readonly values: number;
  readonly proved: number;
  /** By bits of headroom: bits left, and held-out rows with an accumulator outside. */
  readonly narrowed: readonly { readonly bits: number; readonly refused: number }[];
  readonly rows: number;
}

const HEADROOM = [0, 1, 2] as const;

/** An accumulator: what it reaches over rows, and the bits of its proved range. */
interface Accumulator {
  readonly node: Requantize;
  readonly source: number;
  readonly proved: { readonly lo: number; readonly hi: number; readonly bits: number };
  lo: number;
  hi: number;
}

/** A decomposition, and the accumulators that it holds. */
interface Narrowed {
  readonly bits: number;
  readonly lo: number;
  readonly hi: number;
}

function accumulatorsOf({ graph }: QuantizedModel): Accumulator[] {
  const bounds = computeBounds(graph);
  return graph.nodes.flatMap((node) => {
    if (node.op !== 'requantize') return [];
    return Array.from(node.source, (source) => {
      const [lo, hi] = [lowerBound(bounds, source), upperBound(bounds, source)];
      const { bits } = decomposeOne(node.shift, node.activation, lo, hi);
      return { node, source, proved: { lo, hi, bits }, lo: Infinity, hi: -Infinity };
    }).filter(({ proved }) => proved.bits > 0);
  });
}

/** The decomposition of the reached range, each side `headroom` bits farther from its middle, within the proved one. */
function narrow({ node, proved, ...reached }: Accumulator, headroom: number): Narrowed {
  const more = ((reached.hi - reached.lo) * (2 ** headroom - 1)) / 2;
  const lo = Math.max(Math.floor(reached.lo - more), proved.lo);
  const hi = Math.min(Math.ceil(reached.hi + more), proved.hi);
  const form = decomposeOne(node.shift, node.activation, lo, hi);
  if (form.bits >= proved.bits) return proved;
  if (form.kind === 'constant' || form.kind === 'identity') return { bits: 0, lo, hi };
  return { bits: form.bits, lo: -form.offset, hi: 2 ** form.bits - 1 - form.offset };
}

function measure(
  model: QuantizedModel,
  fitted: readonly Float64Array[],
  heldOut: readonly Float64Array[],
): Unreached {
  const execute = (row: Float64Array) => executeInteger(model.graph, encodeClamped(model, row));
  const accumulators = accumulatorsOf(model);
  for (const row of fitted) {
    const values = execute(row);
    for (const own of accumulators) {
      const value = valueAt(values, own.source);
      own.lo = Math.min(own.lo, value);
      own.hi = Math.max(own.hi, value);
    }
  }
  const forms = HEADROOM.map((headroom) => accumulators.map((own) => narrow(own, headroom)));
  const refused = HEADROOM.map(() => 0);
  for (const row of heldOut) {
    const values = execute(row);
    const isOutside = ({ lo, hi }: Narrowed, k: number) => {
      const value = valueAt(values, accumulators[k]!.source);
      return value < lo || value > hi;
    };
    forms.forEach((own, k) => {
      if (own.some(isOutside)) refused[k]! += 1;
    });
  }
  return {
    values: accumulators.length,
    proved: accumulators.reduce((sum, { proved }) => sum + proved.bits, 0),
    narrowed: forms.map((own, k) => ({
      bits: own.reduce((sum, { bits }) => sum + bits, 0),
      refused: refused[k]!,
    })),
    rows: heldOut.length,
  };
}

const DEFAULT_MODELS = ['mnist-lenet-relu-avg', 'digits-resnet', 'german-credit-mlp'];

async function measureModel(folder: string): Promise<Unreached> {
  const loaded = await loadModel(path.join(folder, 'model.onnx'), {});
  const data = await readModelRows(path.join(folder, 'test.json'), loaded);
  const parts = partRows(data, undefined);
  const { model } = await quantizeOnData(loaded, parts, {
    bits: 8,
    input: 'digest',
    acceptLoss: true,
  } as never);
  return measure(
    model,
    parts.fitted.map((k) => data.rows[k]!),
    parts.heldOut.map((k) => data.rows[k]!),
  );
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { from: { type: 'string', default: 'models' } },
});
console.log('| model | values | proved bits | bits at 0, 1, 2 bits of headroom | rows refused |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const name of positionals.length > 0 ? positionals : DEFAULT_MODELS) {
  const { values: count, proved, narrowed, rows } = await measureModel(path.join(values.from, name));
  const bits = narrowed.map((own) => own.bits).join(', ');
  const refused = narrowed.map((own) => own.refused).join(', ');
  console.log(`| \`${name}\` | ${count} | ${proved} | ${bits} | ${refused} of ${rows} |`);
}
