import { linkSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, describe, expect, test } from 'vitest';
import { findBundles } from '../../../src/verify/command/find-bundles.ts';
import { numberingOf, rowOfBundle } from '../../../src/verify/command/numbering.ts';
import { usualThreads } from '../../../src/verify/command/verify-command.ts';
import { digestBundle, publicBundle } from '../support/corpus.ts';
import { modelId, otherId, ProofFolder, thin } from './support.ts';

const folder = new ProofFolder();
afterAll(() => rmSync(folder.root, { recursive: true }));
const verify = (...args: string[]) => folder.run('quietproof', args);
const record = fileJson(digestBundle().model);

test('the summary speaks of the batch: what was given, and where it held', () => {
  folder.put('failing/model.json', record);
  folder.put('failing/000000.proof.json', thin(0));
  folder.put('failing/000001.proof.json', fileJson(thin(1)).replace('bn128', 'bn129'));
  folder.put('failing/000002.proof.json', { ...digestBundle(1), model: publicBundle().model });
  const { status, stdout } = verify('failing', '--model', modelId, '--context', '');
  expect(status).toBe(1);
  expect(stdout).toContain('3 proofs: 1 valid, 2 not valid (QP7007: 1, QP7202: 1)');
  expect(stdout).toContain('  model    1 of 3 of a model you expect, 2 ended before this check; "digits"');
  expect(stdout).toContain('  context  1 of 3 made for the one you gave, 2 ended before this check');
  expect(stdout).not.toMatch(/not pinned|not given/);
  const other = verify('failing', '--model', otherId, '--context', 'another').stdout;
  expect(other).toContain('  model    0 of 3 of a model you expect, 1 of another, 2 ended before this check');
  expect(other).toContain(
    '  context  0 of 3 made for the one you gave, 1 made for another, 2 ended before this check',
  );
});

test('what was not given is said once, and what held for all', () => {
  expect(verify('proofs', '--model', modelId).stdout).toContain(
    '2 proofs: 2 valid\n' +
      `  model    all 2 of a model you expect; "digits" (${modelId.slice(0, 16)}…)\n` +
      '  context  not given, so not checked\n' +
      '  input    not opened: openings are checked one proof at a time\n',
  );
  const unnamed = verify('proofs');
  expect(unnamed.status).toBe(1);
  expect(unnamed.stdout).toContain(
    '2 proofs: 0 valid, 2 of a model that you did not name\n  model    not given; "digits"',
  );
  expect(unnamed.stdout).toMatch(/! proofs.000000\.proof\.json {2}holds/);
  expect(unnamed.stdout).toContain('→ Say which model you expect: --model');
  expect(verify('proofs', '--any-model').stdout).toContain(
    '2 proofs: 2 valid\n  model    any was accepted; "digits"',
  );
});

test('a proof that is not valid decides over one that could not be checked', () => {
  expect(verify('packed.proof.json', 'lone', '--model', modelId).status).toBe(2);
  expect(verify('bad.proof.json', 'lone', '--model', modelId).status).toBe(1);
  expect(verify('packed.proof.json', 'lone').status).toBe(1);
  const { stdout } = verify('bad.proof.json', 'lone', 'packed.proof.json', '--model', modelId, '--json');
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
    accepted: false,
    outcome: 'invalid',
    summary: {
      total: 3,
      valid: 1,
      outcomes: { valid: 1, unpinned: 0, incomplete: 1, invalid: 1 },
      codes: { QP7101: 1, QP7505: 1 },
      asked: { model: { passed: 2, failed: 0, unreached: 1 } },
      missing: ['model-record'],
      failures: [
        { file: 'bad.proof.json', outcome: 'invalid', code: 'QP7505' },
        { file: path.join('lone', '000000.proof.json'), outcome: 'incomplete', code: 'QP7101' },
      ],
    },
  });
});

test('several models: a proof is of one of them, and the output says which', () => {
  const { status, stdout } = verify(
    'packed.proof.json',
    'public.proof.json',
    '--model',
    modelId,
    '--model',
    otherId,
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/✓ packed\.proof\.json {2}valid .*model "digits"/);
  expect(stdout).toMatch(/✓ public\.proof\.json {2}valid .*model "scores"/);
  expect(stdout).toMatch(
    / {2}model {4}all 2 of a model you expect; "digits" \(\w+…\): 1, "scores" \(\w+…\): 1\n/,
  );
  expect(verify('packed.proof.json', 'public.proof.json', '--model', modelId).status).toBe(1);
});

test('-r searches folders in folders, except hidden ones, openings and links', () => {
  folder.put('deep/model.json', record);
  folder.put('deep/000000.proof.json', thin(0));
  folder.put('deep/a/b/packed.proof.json', digestBundle(1));
  folder.put('deep/.hidden/x.proof.json', 'junk');
  folder.put('deep/private/x.proof.json', 'junk');
  symlinkSync('..', path.join(folder.root, 'deep/a/up'));
  const flat = verify('deep', '--model', modelId);
  expect([flat.status, flat.stdout]).toEqual([0, expect.stringContaining('1 proof: 1 valid')]);
  const { status, stdout } = verify('deep', '-r', '--model', modelId);
  expect(status).toBe(2);
  expect(stdout).toContain('3 proofs: 2 valid, 1 not checked (QP7013: 1)');
  expect(stdout).toMatch(/\? deep.a.up {2}Not read: QP7013 .*a link to a folder, not followed/);
  expect(verify('deep/a', '--model', modelId)).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('add -r'),
  });
});

test('missing and repeated rows of a numbered batch are mentioned', () => {
  folder.put('numbered/model.json', record);
  for (const name of ['000002', '000003', '000006', '0000006', 'order'])
    folder.put(`numbered/${name}.proof.json`, thin(0));
  const { stdout } = verify('numbered', '--model', modelId);
  expect(stdout).toContain('! numbered: numbered 000002 to 000006, 2 missing: 000004–000005\n');
  expect(stdout).toContain('! numbered: several files are numbered 000006\n');
  expect(stdout).toContain('! the same record 5 times (copies of one bundle): ');
  expect(verify('proofs', '--model', modelId).stdout).toContain(
    'proofs: numbered 000000 to 000001, none missing\n',
  );
});

describe('numberingOf', () => {
  const files = (rows: number[], in_ = 'p') =>
    rows.map((row) => ({ file: path.join(in_, `${String(row).padStart(6, '0')}.proof.json`), named: false }));

  test('names the first few gaps and counts the rest', () => {
    const every = files(Array.from({ length: 20 }, (_, index) => 3 * index));
    expect(numberingOf(every)).toEqual([
      {
        folder: 'p',
        first: 0,
        last: 57,
        missing: 38,
        gaps: [
          [1, 2],
          [4, 5],
          [7, 8],
          [10, 11],
          [13, 14],
        ],
        repeated: [],
      },
    ]);
  });

  test('is about folders only, each by itself, and about at least two files', () => {
    const named = files([0, 9]).map((file) => ({ ...file, named: true }));
    expect(numberingOf([...named, ...files([4], 'q'), ...files([1, 2], 'r')])).toEqual([
      { folder: 'r', first: 1, last: 2, missing: 0, gaps: [], repeated: [] },
    ]);
  });

  test('reads numbers of at least six digits', () => {
    expect(
      ['a/000017.proof.json', '1234567.proof.json', '17.proof.json', 'order.proof.json'].map(rowOfBundle),
    ).toEqual([17, 1234567, undefined, undefined]);
  });
});

test('a folder keeps the memory of its batch, not of all its files', async () => {
  // Hard links to one file of nearly 1 MiB: 300 MiB in all, each refused at its first character.
  folder.put('large.txt', 'x'.repeat(1_000_000));
  folder.put('large/000000.proof.json', 'x');
  for (let row = 1; row < 300; row += 1)
    linkSync(
      path.join(folder.root, 'large.txt'),
      path.join(folder.root, 'large', `${String(row).padStart(6, '0')}.proof.json`),
    );
  expect(await findBundles([path.join(folder.root, 'large')])).toHaveLength(300);
  const report =
    "data:text/javascript,process.on('exit',()=>console.error('PEAK',process.resourceUsage().maxRSS))";
  const { stderr, stdout } = folder.run('quietproof-verify', ['large', '--any-model'], undefined, [
    `--import=${report}`,
  ]);
  expect(stdout).toContain('300 proofs: 0 valid, 300 not valid (QP7001: 300)');
  const peak = Number(/PEAK (\d+)/.exec(stderr)?.[1]);
  expect(peak).toBeGreaterThan(10_000);
  // A thread lets some 50 MB of garbage gather.
  expect(peak).toBeLessThan(120_000 + 80_000 * usualThreads());
});
