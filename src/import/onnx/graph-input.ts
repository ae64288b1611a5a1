import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { InputValues } from '../../graph/float-graph.ts';
import { commonBatch } from '../common-batch.ts';
import { dataTypeName, precisionOf, STRING } from './data-types.ts';
import { type GraphProto, toInteger, type ValueInfoProto } from './decode-model.ts';
import { storedTensors } from './sparse-tensor.ts';

export interface DeclaredInput {
  readonly name: string;
  readonly dataType: number;
  /** As in the file, with a dynamic batch dimension fixed at 1. */
  readonly shape: readonly number[];
  /** The shape of one row, without the batch dimension; with it where the file fixes a batch of several. */
  readonly rowShape: readonly number[];
  /** Rows that the file takes at once: more than 1 only where it says so. */
  readonly batch: number;
}

/**
 * The model's inputs, in the order of the file.
 *
 * @param batched whether the first dimension counts rows
 * @throws QuietproofError QP2105 (data type), QP2106 (no input), QP2107 (dynamic dimension), QP2108 (batches that differ)
 */
export function declaredInputs(graph: GraphProto, file: string, batched: boolean): DeclaredInput[] {
  const stored = new Set(storedTensors(graph).map((tensor) => tensor.name));
  // Files of IR version 3 list weights among the inputs.
  const inputs = (graph.input as ValueInfoProto[]).filter(({ name }) => !stored.has(name));
  if (inputs.length === 0) {
    throw new QuietproofError('QP2106', { what: 'The model has no input', where: file });
  }
  const declared = inputs.map((input) => declaredInput(input, `input "${input.name}" in ${file}`, batched));
  commonBatch(
    declared.map(({ batch }) => batch),
    file,
  );
  return declared;
}

function declaredInput(input: ValueInfoProto, where: string, batched: boolean): DeclaredInput {
  const tensorType = input.type?.tensorType;
  const dataType = tensorType?.elemType ?? 0;
  checkType(dataType, where);
  if (!tensorType?.shape) {
    throw new QuietproofError('QP2107', {
      what: 'the shape of the input is not given',
      where,
      fix: FIXED_SHAPE,
    });
  }
  const dims = (tensorType.shape.dim ?? []).map((dim) => (dim.dimParam ? 0 : toInteger(dim.dimValue)));
  return { name: input.name, dataType, ...fixBatch(dims, where, batched) };
}

/** The integers of these types and of narrower ones are exact in a row of doubles. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** What an input of integers may be, by data type. */
const INTEGERS: Readonly<Record<number, readonly [min: number, max: number]>> = {
  2: [0, 255],
  3: [-128, 127],
  4: [0, 65535],
  5: [-32768, 32767],
  6: [-(2 ** 31), 2 ** 31 - 1],
  7: [-SAFE, SAFE],
  9: [0, 1],
  12: [0, 2 ** 32 - 1],
  13: [0, SAFE],
};

/** What values a row may have for an input of this type. */
export function valuesOfType(dataType: number): InputValues {
  const range = INTEGERS[dataType];
  return range === undefined ? { kind: 'real' } : { kind: 'integer', min: range[0], max: range[1] };
}

function checkType(dataType: number, where: string): void {
  const precision = precisionOf(dataType);
  const isKnown = INTEGERS[dataType] !== undefined || dataType === STRING;
  if (isKnown || (precision !== undefined && precision !== 'bfloat16')) return;
  const what =
    precision === 'bfloat16'
      ? 'an input of bfloat16 is not supported, as ONNX Runtime computes nothing in it'
      : `an input of ${dataTypeName(dataType)} is not supported, as rows are numbers`;
  throw new QuietproofError('QP2105', {
    what,
    where,
    fix: 'Export with a float32 input, and no Cast after it',
  });
}

const FIXED_SHAPE = 'Export with fixed sizes; only the batch may be dynamic';

type Fixed = Pick<DeclaredInput, 'shape' | 'rowShape' | 'batch'>;

/** A scalar, and one dimension of a fixed size, are a row without a batch dimension. */
function fixBatch(dims: readonly number[], where: string, batched: boolean): Fixed {
  const [batch = 0, ...row] = dims;
  const isFixed = Number.isSafeInteger(batch) && batch >= 1;
  const hasBatch = batched && dims.length > 0 && !(dims.length === 1 && isFixed && batch > 1);
  const rowShape = hasBatch ? row : dims;
  const dynamic = rowShape.findIndex((dim) => !Number.isSafeInteger(dim) || dim < 1);
  if (dynamic >= 0) {
    const what = `dimension ${dynamic + Number(hasBatch)} of the input is dynamic`;
    throw new QuietproofError('QP2107', { what, where, fix: FIXED_SHAPE });
  }
  if (!hasBatch) return { shape: dims, rowShape, batch: 1 };
  // Several rows at once are the values of one row of data.
  return isFixed && batch > 1
    ? { shape: dims, rowShape: dims, batch }
    : { shape: [1, ...row], rowShape, batch: 1 };
}
