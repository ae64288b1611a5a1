import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProofChecker, type StatedProof, type Verdict, verifyMany } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { type Answer, type Case, CORPORA } from '../../src/conformance/case.ts';
import { writeCase } from '../../src/conformance/case-files.ts';
import { judgeAll } from '../../src/conformance/judge.ts';
import { answerOf, askVerifier, filesOf, optionsOf } from '../../src/conformance/own-verifier.ts';
import { NATIVE_CHECKER } from '../support/backends.ts';
import { suiteOf } from './materialise.ts';

const NODE = new URL('../../src/verify/dist/node/', import.meta.url);

/** Confirms a proof if the very same one was verified before, under the same key and for the same signals. */
class Remembering implements ProofChecker {
  readonly #known = new Set<string>();
  #last: string | undefined;

  confirm(key: unknown, proofs: readonly StatedProof[]): boolean[] {
    return proofs.map(({ proof, signals }) => {
      this.#last = JSON.stringify([key, proof, signals.map(String)]);
      return this.#known.has(this.#last);
    });
  }

  /** After a verdict on one proof. */
  remember({ verdict }: Answer): void {
    if (this.#last !== undefined && (verdict === 'valid' || verdict === 'unpinned'))
      this.#known.add(this.#last);
    this.#last = undefined;
  }
}

describe.each(CORPORA)('the corpus %s', (corpus) => {
  const suite = suiteOf(corpus);
  const cases = suite.cases();

  test('is large enough and at least two thirds negative', () => {
    const negative = cases.filter(({ verdict }) => verdict === 'invalid');
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect(negative.length / cases.length).toBeGreaterThanOrEqual(2 / 3);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(negative.filter(({ check }) => check === undefined)).toEqual([]);
  });

  test('our verifier gives the expected verdict on every case, the first failing check and its code', () => {
    const checker = new Remembering();
    const answers = new Map<string, Answer>();
    for (const one of cases) {
      const answer = askVerifier(one, suite, checker);
      checker.remember(answer);
      answers.set(one.id, answer);
    }
    expect(Object.fromEntries(judgeAll(cases, answers))).toEqual({});
    const codes = cases.flatMap(({ id, code }) => {
      const found = answers.get(id)?.code;
      return code === undefined || found === code ? [] : [`${id}: ${found} where ${code} is right`];
    });
    expect(codes).toEqual([]);
  });

  const checkers = [
    ['', undefined],
    [' with the native check', NATIVE_CHECKER],
  ] as const;
  test.each(checkers.filter(([name, checker]) => name === '' || checker !== undefined))(
    'verifying many at once%s gives the same verdicts as one by one',
    (_, checker) => {
      const batches = new Map<string, Case[]>();
      for (const one of cases.filter(
        ({ command, files, tolerance }) =>
          command === 'verify-bundle' && !files.input && !files.opening && tolerance === undefined,
      )) {
        if (one.check === 'trust') continue;
        const { trust, statements } = one.files;
        const question = JSON.stringify([one.model, one.context, one.at, trust, statements]);
        batches.set(question, [...(batches.get(question) ?? []), one]);
      }
      const answers = new Map<string, Answer>();
      for (const batch of batches.values()) {
        // One at once is one by one.
        if (batch.length === 1) continue;
        const items = batch.map((one) => {
          const { bundle, companion } = filesOf(one, suite);
          return { source: bundle as Uint8Array, ...(companion !== undefined && { companion }) };
        });
        const { trust, statements } = filesOf(batch[0]!, suite);
        const asked = { ...(trust && { trust }), ...(statements && { statements }) };
        const options = { ...optionsOf(asked, batch[0]!), ...(checker !== undefined && { checker }) };
        const verdicts = verifyMany(items, options);
        for (const [at, { id }] of batch.entries()) answers.set(id, answerOf(verdicts[at]!));
      }
      const asked = cases.filter(({ id }) => answers.has(id));
      expect(asked.length).toBeGreaterThan(350);
      expect(Object.fromEntries(judgeAll(asked, answers))).toEqual({});
    },
  );

  test('the published command gives the same verdicts', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
    // One case in ten. Cases with an expected row are left out.
    const some = cases.filter(({ id, command, context, files, sameRecordAs }, at) => {
      // The command takes ids as people copy them; the check itself is character for character.
      if (id === 'pin/upper-case') return false;
      // An argument of a process cannot contain a zero byte.
      // It takes statements as files of their own.
      if (files.trust !== undefined) return false;
      if (files.input || sameRecordAs !== undefined || context?.startsWith('00')) return false;
      return at % 10 === 0 && command === 'verify-bundle';
    });
    const groups = new Map<string, Case[]>();
    for (const one of some) {
      const { companion, opening } = one.files;
      const question = JSON.stringify([one.model, one.context, one.tolerance, companion, opening]);
      groups.set(question, [...(groups.get(question) ?? []), one]);
    }
    const answers = new Map<string, Answer>();
    const started = new Set<string>();
    try {
      for (const group of groups.values()) {
        const written = group.map((one) => writeCase(one, folder, suite));
        const bundles = written.map((words) => words[2]!);
        const words = written[0]!.slice(3);
        const context = words.indexOf('--context') + 1;
        if (context > 0) words[context] = Buffer.from(words[context]!, 'hex').toString();
        // A process for each way to ask; the rest is asked of the same code in this one.
        const way = words.filter((word) => word.startsWith('--')).join(' ');
        const isNew = !started.has(way) || group.length > 1;
        started.add(way);
        const run = isNew ? inProcess(bundles, words) : await inThisOne(bundles, words);
        for (const [at, { id }] of group.entries()) answers.set(id, answerOf(run.verdicts[at]!));
        const statuses = run.verdicts.map(({ accepted, outcome }) => {
          return accepted ? 0 : outcome === 'incomplete' ? 2 : 1;
        });
        expect(run.status).toBe(statuses.includes(1) ? 1 : Math.max(...statuses));
      }
      expect(Object.fromEntries(judgeAll(some, answers))).toEqual({});
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

interface CommandRun {
  readonly status: number | null;
  readonly verdicts: readonly Verdict[];
}

function inProcess(bundles: readonly string[], words: readonly string[]): CommandRun {
  const args = [fileURLToPath(new URL('main.js', NODE)), ...bundles, '--json', '--details', ...words];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return { status, verdicts: verdictsIn(stdout, bundles.length) };
}

type Command = typeof import('../../src/verify/command/verify-command.ts');

async function inThisOne(bundles: readonly string[], words: readonly string[]): Promise<CommandRun> {
  const { verifyCommand } = (await import(new URL('verify-command.js', NODE).href)) as Command;
  const value = (name: string) => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [model, tolerance] = [value('--model'), value('--tolerance')];
  const asked = ['context', 'companion', 'opening'].map((name) => [name, value(`--${name}`)] as const);
  const lines: string[] = [];
  const plain = (text: string) => text;
  const status = await verifyCommand(
    {
      paths: bundles,
      json: true,
      details: true,
      ...(model !== undefined && { models: [model] }),
      ...(tolerance !== undefined && { tolerance: Number(tolerance) }),
      ...Object.fromEntries(asked.filter(([, given]) => given !== undefined)),
    },
    {
      print: (line) => lines.push(line),
      paint: { bold: plain, dim: plain, red: plain, green: plain, yellow: plain },
    },
  );
  return { status, verdicts: verdictsIn(lines.join('\n'), bundles.length) };
}

/** One object for one file; for several a line each, then the summary. */
function verdictsIn(stdout: string, count: number): Verdict[] {
  const found: { verdict: Verdict }[] =
    count === 1
      ? JSON.parse(stdout).verdicts
      : stdout
          .split('\n')
          .slice(0, count)
          .map((line) => JSON.parse(line));
  return found.map(({ verdict }) => verdict);
}
