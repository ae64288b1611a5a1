import { shrink } from './choices.ts';
import type { Judge, Judged } from './outcome.ts';

/** What became of many random models. */
export interface Census {
  readonly graphs: number;
  /** By what they are judged by. */
  readonly kept: ReadonlyMap<string, number>;
  /** By reason. */
  readonly refused: ReadonlyMap<string, number>;
  /** Of each failure: its seed, its reason, and the shortest decisions found that still fail. */
  readonly failed: readonly string[];
  readonly operators: ReadonlySet<string>;
}

/** Judges the models of consecutive seeds, one after the other, and shrinks every failure. */
export async function census(firstSeed: number, graphs: number, judge: Judge): Promise<Census> {
  const kept = new Map<string, number>();
  const refused = new Map<string, number>();
  const failed: string[] = [];
  const operators = new Set<string>();
  for (let seed = firstSeed; seed < firstSeed + graphs; seed += 1) {
    const outcome = await judge(seed);
    for (const operator of outcome.operators) operators.add(operator);
    if (outcome.kind === 'kept') add(kept, outcome.reason);
    else if (outcome.kind === 'refused') add(refused, outcome.reason);
    else
      failed.push(`seed ${seed}: ${outcome.reason}\n${await smallest(judge, outcome.taken, outcome.reason)}`);
  }
  return { graphs, kept, refused, failed, operators };
}

function add<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Failures are the same kind if they begin alike. */
async function smallest(judge: Judge, taken: readonly number[], reason: string): Promise<string> {
  const kind = reason.slice(0, 16);
  const best = await shrink(taken, async (candidate) => {
    const outcome = await judge(candidate);
    return outcome.kind === 'failed' && outcome.reason.startsWith(kind);
  });
  const outcome = await judge(best);
  return `shrunk to [${best}]: ${describe(outcome)}: ${outcome.reason.split('\n')[0]}`;
}

const describe = ({ operators, count }: Judged): string =>
  `${operators.join(' ')} on rows of ${count} numbers`;

/** How many graphs were refused. */
export const refusals = ({ refused }: Census): number =>
  [...refused.values()].reduce((sum, count) => sum + count, 0);

/** A census as lines of text. */
export function report({ graphs, kept, refused, failed }: Census): string {
  const counts = <K>(map: ReadonlyMap<K, number>) =>
    [...map].sort(([, a], [, b]) => b - a).map(([key, count]) => `  ${count} ${key}`);
  return [
    `${graphs} graphs`,
    'kept, judged by:',
    ...counts(kept),
    'refused:',
    ...counts(refused),
    ...failed,
  ].join('\n');
}
