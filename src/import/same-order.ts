import type { GraphBuilder } from './graph-builder.ts';
import type { TensorView } from './tensor.ts';

/** Far from where e^x is 0 or infinite in float32, in which different values would become equal. */
const LARGEST_EXPONENT = 40;

/** Notes that e^x has the order of x, where float32 has numbers for all of them. */
export function noteExponential(
  { builder }: { builder: GraphBuilder },
  x: TensorView,
  results: Int32Array,
): void {
  const ranges = Array.from(x.ids, (id) => builder.rangeOf(id));
  if (ranges.some(({ min, max }) => !(min >= -LARGEST_EXPONENT && max <= LARGEST_EXPONENT))) return;
  results.forEach((id, i) => {
    builder.orders.set(id, { by: 'exp', source: x.ids[i]! });
  });
}

/** Notes that values over a common divisor that is above 0 whatever the row have the order of the values. */
export function noteQuotients(
  { builder }: { builder: GraphBuilder },
  [values, divisor]: readonly [TensorView, TensorView],
  results: Int32Array,
): void {
  const [id] = divisor.ids;
  if (divisor.ids.length !== 1 || values.ids.length !== results.length) return;
  const { min, max } = builder.rangeOf(id!);
  if (!(min > 0 && max < Infinity)) return;
  results.forEach((result, i) => {
    builder.orders.set(result, { by: `divisor ${id}`, source: values.ids[i]! });
  });
}

/** Scores with the order of these, before functions that keep the order. */
export function beforeOrder({ orders }: GraphBuilder, scores: TensorView): TensorView {
  let { ids } = scores;
  for (;;) {
    const steps = Array.from(ids, (id) => orders.get(id));
    const by = steps[0]?.by;
    if (by === undefined || steps.some((step) => step?.by !== by)) return { shape: scores.shape, ids };
    ids = Int32Array.from(steps, (step) => step!.source);
  }
}
