import { type Decomposition, decompose } from '../integer/decomposition.ts';
import type { IntegerBlock, Requantize } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import {
  type Arguments,
  identityOf,
  instancesOf,
  type LinearPart,
  rowsAt,
  sumArguments,
  type VaryingArgument,
  wireOfSum,
  wiring,
  withOwnBits,
} from './linear-part.ts';
import type { OutputWire } from './shared-wires.ts';
import { wiredParts } from './wired-parts.ts';

/**
 * A requantize node together with the linear node that it rectifies, or with the identity if it reads wires. The sums
 * are built where they are decomposed, so they cost no constraint.
 */
export const buildRequantize: Builder<Requantize> = (name, node, { bounds, fused, forms }) => {
  const linear = fused.into.get(node);
  const decompositions = decompose(node, bounds);
  return wiredParts(linear ?? identityOf(node), bounds, forms).map((wired, k, parts) => {
    const own = decompositions.slice(wired.start, wired.start + wired.bias.length);
    const bias = wired.bias.map((sum, i) => {
      const d = own[i]!;
      return d.kind === 'constant' ? 0 : sum + d.offset;
    });
    const part = withOwnBits(wired, bias, (i) => own[i]!.bits === 1);
    return {
      ...wiring(part),
      name: parts.length === 1 ? name : `${name}_${k}`,
      node,
      origin: [...(linear?.origin ?? []), ...node.origin],
      outputFirst: node.first + part.start,
      instances: () =>
        instancesOf(part, [sumArguments(part, bias), decompositionArguments(part.block, node, own)]),
      outputWires: own.map((d, i) => wireOf(d, node.shift, part, i, bias[i]!)),
    };
  });
};

function wireOf(
  d: Decomposition,
  shift: number,
  part: LinearPart,
  output: number,
  constant: number,
): OutputWire {
  switch (d.kind) {
    case 'constant':
      return 'constant';
    case 'identity':
      return d.factor === 1 ? wireOfSum(part, output, constant) : 'row';
    case 'shift':
      // If one bit is left, the output is that bit.
      return d.bits - shift === 1 && d.factor === 1 ? 'auxiliary' : 'row';
    default:
      return 'row';
  }
}

/**
 * Arguments of LinearRequantize for one output, as the header of circuits/linear-requantize.circom declares them. The
 * meaning of p and q depends on the kind.
 */
interface TemplateArguments {
  readonly kind: number;
  readonly bits: number;
  readonly p: number;
  readonly q: number;
}

function templateArguments(d: Decomposition): TemplateArguments {
  const { bits } = d;
  switch (d.kind) {
    case 'constant':
      return { kind: 0, bits, p: 0, q: 0 };
    case 'identity':
    case 'shift':
      return { kind: 1, bits, p: d.factor, q: 0 };
    case 'clamp-low':
      return { kind: 2, bits, p: 0, q: 0 };
    case 'clamp-high':
      return { kind: 3, bits, p: d.below, q: d.above };
    case 'clamp-both':
      return { kind: 4, bits, p: d.span, q: 0 };
    case 'leaky':
      return { kind: 5, bits, p: d.slope, q: d.base };
  }
}

function decompositionArguments(
  block: IntegerBlock,
  node: Requantize,
  own: readonly Decomposition[],
): Arguments {
  const unit = node.activation.kind === 'leaky' ? 2 ** node.activation.denominatorBits : 1;
  const each = own.map(templateArguments);
  const field = (name: keyof TemplateArguments): VaryingArgument => {
    const values = each.map((args) => args[name]);
    return { name, at: (position) => rowsAt(values, block, position) };
  };
  return {
    shared: [
      { name: 'shift', value: node.shift },
      { name: 'unit', value: unit },
    ],
    varying: [field('kind'), field('bits'), field('p'), field('q')],
  };
}
