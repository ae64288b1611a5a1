import { QuietproofError } from '../../errors/quietproof-error.ts';
import { dataTypeName, precisionOf } from './data-types.ts';
import { type GraphProto, toInteger, type ValueInfoProto } from './decode-model.ts';
import { storedTensors } from './sparse-tensor.ts';

export interface DeclaredInput {
  readonly name: string;
  readonly dataType: number;
  /** As in the file, with a dynamic batch dimension fixed at 1. */
  readonly shape: readonly number[];
  /** The shape of one row, without the batch dimension. */
  readonly rowShape: readonly number[];
}

/**
 * Finds the model's only input.
 *
 * @param batched whether the first dimension counts rows; it must then be 1 or dynamic
 * @throws QuietproofError QP2105 (data type), QP2106 (several inputs), QP2107 (dynamic dimension), QP2108 (batch)
 */
export function declaredInput(graph: GraphProto, file: string, batched: boolean): DeclaredInput {
  const stored = new Set(storedTensors(graph).map((tensor) => tensor.name));
  // Files of IR version 3 list weights among the inputs.
  const inputs = (graph.input as ValueInfoProto[]).filter(({ name }) => !stored.has(name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    const what = `the model has ${inputs.length} inputs${inputs.map(({ name }) => ` "${name}"`)}; it must have one`;
    throw new QuietproofError('QP2106', {
      what,
      where: file,
      fix: 'Combine the inputs into one tensor before the model',
    });
  }
  const where = `input "${input.name}" in ${file}`;
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

/** Rows are real numbers, and nothing downstream knows that some may not be proved: 2.5 is no row of an int64 input. */
function checkType(dataType: number, where: string): void {
  const precision = precisionOf(dataType);
  if (precision !== undefined && precision !== 'bfloat16') return;
  const what =
    precision === 'bfloat16'
      ? 'an input of bfloat16 is not supported, as ONNX Runtime computes nothing in it'
      : `an input of ${dataTypeName(dataType)} is not supported, as rows are real numbers`;
  throw new QuietproofError('QP2105', {
    what,
    where,
    fix: 'Export with a float32 input, and no Cast after it',
  });
}

const FIXED_SHAPE = 'Export with fixed sizes; only the batch may be dynamic';

function fixBatch(
  dims: readonly number[],
  where: string,
  batched: boolean,
): Pick<DeclaredInput, 'shape' | 'rowShape'> {
  const [batch = 0, ...row] = dims;
  const rowShape = batched ? row : dims;
  const dynamic = rowShape.findIndex((dim) => !Number.isSafeInteger(dim) || dim < 1);
  if (dynamic >= 0 || rowShape.length === 0) {
    const what =
      rowShape.length === 0
        ? 'the input has no dimension besides the batch'
        : `dimension ${dynamic + Number(batched)} of the input is dynamic`;
    throw new QuietproofError('QP2107', { what, where, fix: FIXED_SHAPE });
  }
  if (batched && batch > 1) {
    const what = `the model takes ${batch} rows at once`;
    throw new QuietproofError('QP2108', {
      what,
      where,
      fix: 'Export with a batch of 1 or a dynamic batch dimension',
    });
  }
  return { shape: batched ? [1, ...row] : dims, rowShape };
}
