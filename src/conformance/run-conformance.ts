import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Outcome } from './answer.ts';
import { askBatch } from './ask-batch.ts';
import { askOnce } from './ask-once.ts';
import type { Case, CorpusName } from './case.ts';
import { writeCase } from './case-files.ts';
import type { ExternalVerifier } from './external-verifier.ts';
import { judgeAll } from './judge.ts';
import { askVerifier } from './own-verifier.ts';
import { Suite } from './suite.ts';

/** The suites by the version of the format that they are about. */
export const SUITES = { v1: 'bundles', v2: 'bundles-v2' } as const satisfies Record<string, CorpusName>;
export type SuiteName = keyof typeof SUITES;

export interface ConformanceOptions {
  /** Default: all. */
  readonly suite?: SuiteName;
  /** A class of cases, or a case by its id. Default: all. */
  readonly only?: string;
  /** Default: our own verifier, in this process. */
  readonly verifier?: ExternalVerifier & { readonly batch: boolean };
  /** A folder for the files of the cases, which stay there. Default: a temporary one. */
  readonly files?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface SuiteResult {
  readonly suite: SuiteName;
  readonly cases: number;
  readonly classes: readonly ClassResult[];
  readonly wrong: readonly WrongAnswer[];
}

export interface ClassResult {
  readonly name: string;
  readonly cases: number;
  /** Of them, those that have to be refused. */
  readonly invalid: number;
  readonly wrong: number;
}

export interface WrongAnswer {
  readonly id: string;
  /** What the case is about. */
  readonly what: string;
  readonly why: string;
}

/**
 * Asks a verifier all cases of the conformance suites and compares its answers with the right ones.
 *
 * @throws QP6651, QP6652 if the verifier does not run; QP6653 if there are no such cases
 */
export async function runConformance(options: ConformanceOptions = {}): Promise<SuiteResult[]> {
  const names = Object.keys(SUITES) as SuiteName[];
  const asked = names
    .filter((name) => options.suite === undefined || name === options.suite)
    .map((name) => {
      const suite = new Suite(SUITES[name]);
      return { name, suite, cases: wanted(suite.cases(), options.only) };
    })
    .filter(({ cases }) => cases.length > 0);
  if (asked.length === 0) {
    const fix =
      'Pass a class of cases, such as points, or the id of one, such as points/label-a-x-plus-q; without --only all are asked';
    throw new QuietproofError('QP6653', { what: `There are no cases called ${options.only}`, fix });
  }
  const total = asked.reduce((sum, { cases }) => sum + cases.length, 0);
  let done = 0;
  const onAnswer = () => {
    done += 1;
    options.onProgress?.(done, total);
  };
  const results: SuiteResult[] = [];
  for (const { name, suite, cases } of asked) {
    const outcomes = await outcomesOf(cases, suite, name, options, onAnswer);
    results.push(resultOf(name, cases, judgeAll(cases, outcomes)));
  }
  return results;
}

/** The cases of a class, or one by its id; and those that they have to have the same record as. */
function wanted(all: readonly Case[], only: string | undefined): Case[] {
  const some = all.filter(({ id }) => only === undefined || id === only || id.startsWith(`${only}/`));
  const compared = new Set(some.map(({ sameRecordAs }) => sameRecordAs));
  return all.filter((one) => some.includes(one) || compared.has(one.id));
}

type Outcomes = ReadonlyMap<string, Outcome>;

async function outcomesOf(
  cases: readonly Case[],
  suite: Suite,
  name: SuiteName,
  { verifier, files }: ConformanceOptions,
  onAnswer: () => void,
): Promise<Outcomes> {
  if (verifier === undefined) {
    const answers = new Map<string, Outcome>();
    for (const one of cases) {
      answers.set(one.id, askVerifier(one, suite));
      onAnswer();
    }
    return answers;
  }
  const folder =
    files === undefined ? mkdtempSync(path.join(tmpdir(), 'conformance-')) : path.resolve(files, name);
  mkdirSync(folder, { recursive: true });
  try {
    const lists = cases.map((one) => writeCase(one, folder, suite));
    const outcomes = verifier.batch
      ? await askBatch(verifier, lists, onAnswer)
      : await askEach(verifier, lists, onAnswer);
    return new Map(cases.map(({ id }, at) => [id, outcomes[at]!]));
  } finally {
    if (files === undefined) rmSync(folder, { recursive: true });
  }
}

/** Starts a process for each case, as many at a time as there are cores. */
async function askEach(
  verifier: ExternalVerifier,
  lists: readonly (readonly string[])[],
  onAnswer: () => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const work = async () => {
    while (next < lists.length) {
      const at = next;
      next += 1;
      outcomes[at] = await askOnce(verifier, lists[at]!);
      onAnswer();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return outcomes;
}

function resultOf(suite: SuiteName, cases: readonly Case[], wrong: ReadonlyMap<string, string>): SuiteResult {
  const classes = new Map<string, { cases: number; invalid: number; wrong: number }>();
  for (const { id, verdict } of cases) {
    const name = id.slice(0, id.indexOf('/'));
    const row = classes.get(name) ?? { cases: 0, invalid: 0, wrong: 0 };
    row.cases += 1;
    if (verdict === 'invalid') row.invalid += 1;
    if (wrong.has(id)) row.wrong += 1;
    classes.set(name, row);
  }
  return {
    suite,
    cases: cases.length,
    classes: Array.from(classes, ([name, row]) => ({ name, ...row })),
    wrong: cases.flatMap(({ id, what }) => (wrong.has(id) ? [{ id, what, why: wrong.get(id)! }] : [])),
  };
}
