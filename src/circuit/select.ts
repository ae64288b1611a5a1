import type { Select } from '../integer/integer-graph.ts';
import type { Builder } from './builder.ts';
import { formArguments } from './form-arguments.ts';
import { copyOf, type OutputWire } from './shared-wires.ts';
import { singleInstance, singleOutput } from './single-output.ts';
import { FormSum, type WireForm } from './wire-form.ts';

/** Three forms per output: the condition, the difference, and the value for 0 less the output's base. */
interface Choice {
  readonly condition: WireForm;
  readonly difference: WireForm;
  readonly otherwise: WireForm;
}

/** One layer for all outputs, over the wires that the sources stand for. */
export const buildSelect: Builder<Select> = (name, node, { bounds, forms }) => {
  const choices = Array.from(node.condition, (id, i): Choice => {
    const whenFalse = forms.of(node.whenFalse[i]!);
    return {
      condition: forms.of(id),
      difference: new FormSum().add(forms.of(node.whenTrue[i]!)).add(whenFalse, -1),
      otherwise: new FormSum(-bounds.lo[node.first + i]!).add(whenFalse),
    };
  });
  const { sources, start, index, weight, constant } = formArguments(
    choices.flatMap(({ condition, difference, otherwise }) => [condition, difference, otherwise]),
  );
  const args = { count: node.count, inputs: sources.length, start, index, weight, constant };
  return [
    {
      ...singleOutput(name, node, sources),
      outputs: node.count,
      instances: () => singleInstance(args),
      outputWires: choices.map(wireOf),
    },
  ];
};

/** A product with a constant is a sum, which may be another name of a wire. */
function wireOf({ condition, difference, otherwise }: Choice): OutputWire {
  if (condition.weights.size > 0 && difference.weights.size > 0) return 'row';
  const [constant, other] = condition.weights.size === 0 ? [condition, difference] : [difference, condition];
  const sum = new FormSum().add(otherwise).add(other, constant.constant);
  const [first] = sum.weights;
  if (first === undefined) return 'constant';
  return sum.weights.size === 1 && first[1] === 1 && sum.constant === 0 ? copyOf(first[0]) : 'row';
}
