import type { OutputReading } from '../interface/reading.ts';
import { R } from '../key/points.ts';
import { contradicts, entry, requireDistinct, requireLength } from './contradictions.ts';
import type { LabelOutput, OutputV2, ScoreOutput, VectorOutput } from './interface-types.ts';

/** Number of public signals of an output; needed before anything of that size is allocated. */
export function signalCount(output: OutputV2): number {
  switch (output.kind) {
    case 'vector':
      return output.count;
    case 'label':
    case 'category':
    case 'score':
      return 1;
  }
}

/** @throws Refusal QP7105 when the output contradicts itself */
export function readingOfOutput(output: OutputV2, at: string): OutputReading {
  switch (output.kind) {
    case 'label':
      return readingOfLabel(output, at);
    case 'category':
      requireDistinct(output.values, `${at}.values`);
      return {
        kind: 'category',
        name: output.name,
        max: [BigInt(output.values.length - 1)],
        values: output.values,
      };
    case 'score':
      return readingOfScores(output, 1, undefined, at);
    case 'vector':
      return readingOfScores(output, output.count, output.names, at);
  }
}

function readingOfLabel({ name, count, rule, names }: LabelOutput, at: string): OutputReading {
  requireLength(names, count, `${at}.names`);
  const common = { name, max: [BigInt(count - 1)], ...(names !== undefined && { names }) };
  if (rule.kind === 'argmax') return { ...common, kind: 'label' };
  if (count !== 2) contradicts(`${at}.count`);
  return { ...common, kind: 'decision', threshold: rule.threshold };
}

function readingOfScores(
  output: ScoreOutput | VectorOutput,
  count: number,
  names: readonly string[] | undefined,
  at: string,
): OutputReading {
  requireLength(output.lo, count, `${at}.lo`);
  requireLength(output.max, count, `${at}.max`);
  requireLength(names, count, `${at}.names`);
  if (Number(output.scale) <= 0) contradicts(`${at}.scale`);
  const all = (items: string | readonly string[]) =>
    Array.from({ length: count }, (_, index) => BigInt(entry(items, index)));
  const max = all(output.max);
  if (max.some((bound) => bound >= R)) contradicts(`${at}.max`);
  return {
    kind: 'scores',
    name: output.name,
    max,
    lo: all(output.lo),
    scale: Number(output.scale),
    head: output.head,
    ...(names !== undefined && { names }),
    ...(output.unit !== undefined && { unit: output.unit }),
  };
}
