import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Verdict, verifyMany } from '@quietproof/verify';
import { describe, expect, test } from 'vitest';
import { NATIVE_CHECKER } from '../support/backends.ts';
import { type Answer, type Case, CORPORA, type FileName } from './case-types.ts';
import { judgeAll } from './judge.ts';
import { materialise, readCases } from './materialise.ts';
import { answerOf, askVerifier, type Files, optionsOf } from './quietproof.ts';
import { writeCase } from './write-files.ts';

describe.each(CORPORA)('the corpus %s', (corpus) => {
  const cases = readCases(corpus);
  const filesOf = (files: Case['files']): Files =>
    Object.fromEntries(
      Object.entries(files).map(([name, source]) => [name as FileName, materialise(source, corpus)]),
    );

  test('is large enough and at least two thirds negative', () => {
    const negative = cases.filter(({ verdict }) => verdict === 'invalid');
    expect(cases.length).toBeGreaterThanOrEqual(120);
    expect(negative.length / cases.length).toBeGreaterThanOrEqual(2 / 3);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(negative.filter(({ check }) => check === undefined)).toEqual([]);
  });

  test('our verifier gives the expected verdict on every case, the first failing check and its code', () => {
    const answers = new Map<string, Answer>(
      cases.map(({ id, command, files, ...ask }) => [id, askVerifier(command, filesOf(files), ask)]),
    );
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
        const items = batch.map(({ files }) => {
          const { bundle, companion } = filesOf(files);
          return { source: bundle as Uint8Array, ...(companion !== undefined && { companion }) };
        });
        const { trust, statements } = filesOf(batch[0]!.files);
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

  test('the published command gives the same verdicts', () => {
    const bin = fileURLToPath(new URL('../../src/verify/dist/node/main.js', import.meta.url));
    const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
    // One case in ten, because each starts a process. Cases with an expected row are left out.
    const some = cases.filter(({ id, command, context, files, sameRecordAs }, at) => {
      // The command takes ids as people copy them; the check itself is character for character.
      if (id === 'pin/upper-case') return false;
      // An argument of a process cannot contain a zero byte.
      // It takes statements as files of their own.
      if (files.trust !== undefined) return false;
      if (files.input || sameRecordAs !== undefined || context?.startsWith('00')) return false;
      return at % 10 === 0 && command === 'verify-bundle';
    });
    try {
      const answers = some.map((one) => {
        const [, , file, ...words] = writeCase(one, folder, corpus);
        const context = words.indexOf('--context') + 1;
        if (context > 0) words[context] = Buffer.from(words[context]!, 'hex').toString();
        const args = [bin, file!, '--json', ...words];
        const { stdout, status } = spawnSync(process.execPath, args, {
          encoding: 'utf8',
          maxBuffer: 1 << 24,
        });
        const { verdict } = JSON.parse(stdout).verdicts[0] as { readonly verdict: Verdict };
        expect(status).toBe(verdict.accepted ? 0 : verdict.outcome === 'incomplete' ? 2 : 1);
        return [one.id, answerOf(verdict)] as const;
      });
      expect(Object.fromEntries(judgeAll(some, new Map(answers)))).toEqual({});
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
