import { executeFloat, outputsOf } from '../../../graph/execute.ts';
import { GraphBuilder } from '../../graph-builder.ts';
import { DATA_TYPES, toDataType } from '../data-types.ts';
import type { NodeProto } from '../decode-model.ts';
import { OperatorContext } from '../operator.ts';
import { OPERATORS, REARRANGING } from '../operators.ts';
import type { ConstValue, Outputs, Value } from '../value.ts';
import { FOLDED } from './folded-operators.ts';

/** Operators whose result is known at import whatever they read: the shape of an activation is one. */
const ALWAYS_CONSTANT: ReadonlySet<string> = new Set(['Constant', 'Shape', 'Size']);

/** Whether a node's results are known at import. @param isConstant tells it of a name that the node reads */
export function isConstantNode(node: NodeProto, isConstant: (name: string) => boolean): boolean {
  if (ALWAYS_CONSTANT.has(node.opType)) return true;
  const read = node.input.filter((name) => name !== '');
  return read.length > 0 && read.every(isConstant);
}

/** Whether an operator can be computed on constants, whether or not it can be proved on activations. */
export const isFolded = (opType: string): boolean => opType in FOLDED;

/**
 * Computes a node whose operands are all constant; undefined if they are not, or if the operator takes constants as they
 * are, as the rearrangements do.
 */
export function foldNode(context: OperatorContext): Value | Outputs | undefined {
  const operands = context.inputs.filter((value) => value !== undefined);
  if (operands.length === 0 || operands.some(({ kind }) => kind !== 'const')) return undefined;
  const { op } = context.node;
  if (op in FOLDED) return FOLDED[op]!(context);
  return op in REARRANGING ? undefined : executed(context);
}

/**
 * Runs an operator that needs an activation on a constant one: its graph on a row that is the first operand. It computes
 * in doubles, and rounds the result to the type of the operand.
 */
function executed(context: OperatorContext): ConstValue {
  const [first, ...others] = context.inputs;
  if (first?.kind !== 'const' || !DATA_TYPES[first.dataType]?.float || first.tensor.data.length === 0) {
    throw context.unsupported('of constants that are not real numbers');
  }
  const { node } = context;
  const builder = new GraphBuilder(node.name, node.name);
  const view = builder.input(node.name, first.tensor.shape);
  const inputs = [{ kind: 'view', view, dataType: first.dataType } as const, ...others];
  const result = OPERATORS[node.op]!(new OperatorContext({ ...partsOf(context), builder, inputs }));
  if (result.kind !== 'view') throw context.unsupported('of constants');
  const source = { format: 'onnx', file: node.name, sha256: '' } as const;
  const graph = builder.finish(source, [{ name: node.name, view: result.view, head: 'none' }]);
  const values = outputsOf(graph, executeFloat(graph, first.tensor.data));
  const data = values.map((value) => toDataType(result.dataType, value));
  return { kind: 'const', tensor: { shape: result.view.shape, data }, dataType: result.dataType };
}

const partsOf = ({
  node,
  opset,
  learnedOpset,
  attributes,
  outputCount,
  readTensor,
  runGraph,
}: OperatorContext) => ({
  node,
  opset,
  learnedOpset,
  attributes,
  outputCount,
  readTensor,
  runGraph,
});
