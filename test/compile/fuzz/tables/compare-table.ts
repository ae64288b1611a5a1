import { applyHead } from '../../../../src/compile/reference/answers.ts';
import { openOnnxReference } from '../../../../src/compile/reference/onnx-runtime.ts';
import { executeFloat, outputsOf } from '../../../../src/graph/execute.ts';
import type { FloatGraph, GraphOutput } from '../../../../src/graph/float-graph.ts';
import { isNearStep } from './near-steps.ts';

/** ONNX Runtime's outputs of rows, one after the other: a label as its index. */
export async function tableReference(
  file: string,
  graph: FloatGraph,
  rows: readonly Float64Array[],
): Promise<Float64Array[]> {
  // Only a label is an index among classes; scores may have names too.
  const wanted = graph.outputs.map(({ tensor, head, classes }) => ({
    name: tensor,
    ...(head === 'argmax' && classes !== undefined && { classes }),
  }));
  const reference = await openOnnxReference(file, wanted, graph.categories);
  try {
    const outputs: Float64Array[] = [];
    for (const row of rows) outputs.push(await reference.run(row));
    return outputs;
  } finally {
    await reference.close();
  }
}

/** The first row that differs by more than float32 does; at all, if the model is exact. Undefined if none does. */
export function compareTable(
  graph: FloatGraph,
  rows: readonly Float64Array[],
  expected: readonly Float64Array[],
  isExact: boolean,
): string | undefined {
  for (const [k, row] of rows.entries()) {
    const wrong = compareRow(graph, row, expected[k]!, isExact);
    if (wrong !== undefined) return `row ${k} [${Array.from(row)}]: ${wrong}`;
  }
  return undefined;
}

function compareRow(
  graph: FloatGraph,
  row: Float64Array,
  expected: Float64Array,
  isExact: boolean,
): string | undefined {
  const values = executeFloat(graph, row);
  const largest = values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    1,
  );
  const room = isExact ? 0 : largest * 2 ** -17;
  const logits = outputsOf(graph, values);
  const wrong = compareOutputs(graph, logits, expected, room);
  if (wrong === undefined || (!isExact && isNearStep(graph, values, room))) return undefined;
  return wrong;
}

/** The first output that differs by more than `room`, or whose label has a score so far below another's. */
export function compareOutputs(
  { outputs }: FloatGraph,
  logits: Float64Array,
  expected: Float64Array,
  room: number,
): string | undefined {
  let [own, theirs] = [0, 0];
  for (const output of outputs) {
    const [from, start] = [own, theirs];
    own += output.values.length;
    theirs += output.head === 'argmax' ? 1 : output.values.length;
    const wrong = compareOutput(output, logits.subarray(from, own), expected.subarray(start, theirs), room);
    if (wrong !== undefined) return wrong;
  }
  return theirs === expected.length ? undefined : `${theirs} numbers instead of ${expected.length}`;
}

function compareOutput(
  { name, head, classes }: GraphOutput,
  logits: Float64Array,
  theirs: Float64Array,
  room: number,
): string | undefined {
  if (head === 'argmax') {
    const label = logits.indexOf(Math.max(...logits));
    if (label === theirs[0] || logits[label]! - logits[theirs[0]!]! <= room) {
      if (label === theirs[0] || room > 0) return undefined;
    }
    return `${name}: label ${classes?.[label]} instead of ${classes?.[theirs[0]!]}, scores ${logits}`;
  }
  const ours = applyHead(head, logits, theirs);
  const own = head === 'none' ? room : Math.max(1e-6, room);
  const wrong = ours.findIndex((value, i) => !(value === theirs[i] || Math.abs(value - theirs[i]!) <= own));
  return wrong < 0 ? undefined : `${name}[${wrong}]: ${ours[wrong]} instead of ${theirs[wrong]}`;
}
