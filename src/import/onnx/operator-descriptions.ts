import { isStandardDomain, type NodeProto } from './decode-model.ts';
import { CONTRIBUTED, LEARNED, PREVIEW } from './extension-words.ts';
import { subGraphsOf } from './live-nodes.ts';
import { type Description, STANDARD } from './operator-words.ts';

/** The tables of known operators, by domain. */
const DOMAINS: Readonly<Record<string, Readonly<Record<string, Description>>>> = {
  __proto__: null as never,
  '': STANDARD,
  'ai.onnx.ml': LEARNED,
  'com.microsoft': CONTRIBUTED,
  'com.ms.internal.nhwc': CONTRIBUTED,
  'ai.onnx.preview': PREVIEW,
  'ai.onnx.preview.training': PREVIEW,
};

/**
 * Describes the operator of a node that cannot be proved.
 *
 * @param all every operator of the model: some mean something else beside others
 */
export function describeOperator(node: NodeProto, all: ReadonlySet<string>): Description {
  const { domain, opType, input } = node;
  const known = knownOperator(domain, opType);
  if (known === undefined) return isStandardDomain(domain) ? (TENSORFLOW[opType] ?? UNDEFINED) : FOREIGN;
  if (opType === 'Loop' && (input[0] ?? '') !== '') return { ...known, what: 'a loop' };
  if (opType !== 'CDist' && !(opType === 'Scan' && isDistance(node))) return known;
  return { ...DISTANCES, what: whatDistances(all) };
}

/** By what is done with the distances: the smallest are picked, or those below a radius, or a kernel is computed of them. */
function whatDistances(all: ReadonlySet<string>): string {
  if (all.has('TopK')) return 'the distances of k-nearest neighbours';
  return all.has('Less') ? 'the distances of neighbours within a radius' : DISTANCES.what;
}

/** Operations of TensorFlow that its converter leaves as they are, so that no runtime of ONNX knows them. */
const TENSORFLOW: Readonly<Record<string, Description>> = {
  __proto__: null as never,
  Erfc: {
    what: 'an operator of TensorFlow that ONNX does not define',
    fix: 'Use the form of GELU with tanh: keras.activations.gelu(x, approximate=True)',
  },
};

const UNDEFINED: Description = { what: 'an operator that ONNX does not define' };
const FOREIGN: Description = {
  what: 'an operator of a runtime or exporter of its own',
  fix: 'Export with operators of ONNX only',
};
const DISTANCES = CONTRIBUTED.CDist!;

/** scikit-learn's converter writes distances between rows as a loop over the rows that the model has stored. */
function isDistance(node: NodeProto): boolean {
  const inner = subGraphsOf(node).flatMap(({ node: nodes }) => nodes.map(({ opType }) => opType));
  const isNorm = ['ReduceSumSquare', 'ReduceSum', 'ReduceMax', 'ReduceL1', 'ReduceL2'].some((op) =>
    inner.includes(op),
  );
  return inner.includes('Sub') && isNorm;
}

/** The description of an operator that ONNX or ONNX Runtime defines. */
export function knownOperator(domain: string | null | undefined, opType: string): Description | undefined {
  return DOMAINS[isStandardDomain(domain) ? '' : domain!]?.[opType];
}
