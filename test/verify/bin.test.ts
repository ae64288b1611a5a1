import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileJson } from '@quietproof/verify';
import { afterAll, expect, test } from 'vitest';
import { assembleBundle } from '../../src/bundle/assemble-bundle.ts';
import { makeOpening } from '../../src/bundle/make-opening.ts';
import { DIGEST_SALT, DIGEST_VALUES, digestFixture, digestRecord } from './support/corpus.ts';
import { BUNDLE, MODEL, OPENING, vector } from './support/spec-example.ts';

// The built command; `npm test` builds it first.
const command = fileURLToPath(new URL('../../src/verify/dist/node/main.js', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'quietproof-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const model = digestRecord();
const opening = makeOpening(model, { index: 0, values: DIGEST_VALUES, salt: DIGEST_SALT });
const put = (name: string, value: unknown) => {
  writeFileSync(path.join(folder, name), fileJson(value));
  return name;
};
const bundle = put('a.proof.json', assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: 0 } }));
const companion = put('model.json', model);
const opened = put('a.opening.json', opening);

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('a pinned bundle with every question answered', () => {
  const asked = [
    '--companion',
    companion,
    '--model',
    model.ids.modelId,
    '--context',
    '',
    '--opening',
    opened,
  ];
  const { status, stdout } = run(bundle, ...asked, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ accepted: true, verdicts: [{ verdict: { open: [] } }] });
  expect(run(bundle, ...asked).stdout).toMatch(
    /^a\.proof\.json\n✓ Valid for model "digits" \([0-9a-f]{16}…\); DEVELOPMENT setup\n/,
  );
});

test('the exit status tells whether the bundle is accepted', () => {
  expect(run(bundle, '--companion', companion).status).toBe(1);
  expect(run(bundle, '--companion', companion, '--any-model').status).toBe(0);
  expect(run('missing.proof.json').status).toBe(2);
  expect(run(bundle, '--no-such-option').status).toBe(2);
  expect(run().status).toBe(2);
  expect(run('--help').status).toBe(0);
});

test('a record of version 2, with a tolerance and unchecked parts', () => {
  put('v2.json', JSON.parse(BUNDLE));
  put('v2-model.json', JSON.parse(MODEL));
  put('v2-opening.json', JSON.parse(OPENING));
  const asked = ['v2.json', '--companion', 'v2-model.json', '--any-model', '--opening', 'v2-opening.json'];
  const within = run(...asked, '--tolerance', '0.45');
  expect(within.status).toBe(0);
  expect(within.stdout).toContain('\n  answer: label "versicolor" (1)\n');
  expect(within.stdout).toContain('\n  · not checked: sidecars.logProof\n');
  const beyond = run(...asked, '--tolerance', '0.3', '--json');
  expect(beyond.status).toBe(1);
  expect(JSON.parse(beyond.stdout).verdicts[0].verdict).toMatchObject({
    code: 'QP7607',
    statementDigest: vector('statement digest'),
    leaf: vector('leaf'),
  });
  for (const tolerance of ['0.6', 'x', '']) expect(run(...asked, '--tolerance', tolerance).status).toBe(2);
});
