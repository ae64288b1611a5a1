/**
 * Runs the Python verifiers on both corpora: on one case in eight, or on all with `QUIETPROOF_ALL_CASES=1` (two minutes
 * on one core). They need nothing but Python.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { askBatch } from '../../src/conformance/ask-batch.ts';
import { askOnce } from '../../src/conformance/ask-once.ts';
import { CORPORA } from '../../src/conformance/case.ts';
import { writeCase } from '../../src/conformance/case-files.ts';
import { judgeAll } from '../../src/conformance/judge.ts';
import { readCases, suiteOf } from '../conformance/materialise.ts';
import { precompileVectors } from '../support/go-ethereum.ts';

const here = fileURLToPath(new URL('../../src/verify/python/', import.meta.url));
const PRECOMPILES = fileURLToPath(new URL('precompiles.py', import.meta.url));
const all = process.env.QUIETPROOF_ALL_CASES === '1';

const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;
if (python === undefined) {
  if (process.env.CI !== undefined) throw new Error('there is no python3');
  console.warn('there is no python3; skipped');
}
const verifier = { command: [python ?? '', path.join(here, 'conformance.py')], limit: 120_000 } as const;

test.each([
  ['bn254.py', 160],
  ['verify.py', 200],
  ['verify_v2.py', 250],
  ['verify_transcript.py', 130],
  ['verify_trust.py', 170],
  ['verify_logs.py', 40],
  ['verify_seal.py', 100],
])('%s is at most %i lines', (file, most) => {
  const lines = readFileSync(path.join(here, file), 'utf8').trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(most);
});

const vectors = precompileVectors();

test.skipIf(python === undefined || vectors === undefined)(
  "bn254.py computes what Ethereum's precompiles do",
  () => {
    const { stdout, stderr } = spawnSync(python!, [PRECOMPILES, vectors!], {
      encoding: 'utf8',
    });
    const { checked, wrong } = JSON.parse(stdout || JSON.stringify({ wrong: stderr }));
    expect(wrong).toEqual([]);
    expect(checked).toBeGreaterThan(40);
  },
);

test.skipIf(python === undefined).each(CORPORA)(
  'agrees with the corpus %s, and so with our own verifier',
  async (corpus) => {
    const cases = readCases(corpus);
    const some = all
      ? cases
      : cases.filter(({ sameRecordAs }, at) => at % 8 === 0 && sameRecordAs === undefined);
    const folder = mkdtempSync(path.join(tmpdir(), 'independent-'));
    try {
      const answers = await askBatch(
        verifier,
        some.map((one) => writeCase(one, folder, suiteOf(corpus))),
      );
      const wrong = judgeAll(some, new Map(answers.map((answer, at) => [some[at]!.id, answer])));
      expect(Object.fromEntries(wrong)).toEqual({});
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  600_000,
);

test.skipIf(python === undefined)('exits with 0 for a valid bundle and with 1 otherwise', async () => {
  const cases = readCases('bundles');
  const folder = mkdtempSync(path.join(tmpdir(), 'independent-'));
  const ask = (id: string) => {
    const one = cases.find((each) => each.id === id)!;
    return askOnce(verifier, writeCase(one, folder, suiteOf('bundles')));
  };
  try {
    expect(await ask('valid/label-a')).toMatchObject({ verdict: 'valid' });
    expect(await ask('valid/label-a-unpinned')).toMatchObject({ verdict: 'unpinned' });
    expect(await ask('form/empty')).toMatchObject({ verdict: 'invalid', check: 'format' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
