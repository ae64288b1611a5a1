import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from './support/run-here.ts';

const CREDIT = ['models/credit-scoring-mlp', '--calibration', 'models/credit-scoring-mlp/test.json'];
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'cli-contract-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('compile, where the contract is broken', () => {
  const words = ['compile', ...CREDIT, '--bits', '5'];

  it('exits 2 and shows where the most is lost, and the worst rows', async () => {
    const { code, stdout, stderr } = await runHere([...words, '--out', path.join(root, 'broken')]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/✗ the contract is broken: \d+ of 666 held-out labels flip/);
    expect(stdout).toMatch(
      /layer +part +bits +labels that flip +largest error\n +\S+ +\S+ +5 +\d+ +[\d.]+ %/,
    );
    expect(stdout).toMatch(/row +output +float +integer +label, float +label, integer\n(.+\n){2}.+$/m);
    expect(stderr).toMatch(/QP3103 .*--max-flips.*--accept-loss/);
    expect(stdout).not.toContain('✓');
  });

  it('gives the same as JSON', async () => {
    const { code, stdout, stderr } = await runHere([...words, '--json', '--out', path.join(root, 'json')]);
    expect(code).toBe(2);
    const { broken } = JSON.parse(stdout);
    expect(broken.judgement).toMatchObject({ result: 'broken', contract: { flips: 0.005, error: 0.01 } });
    expect(broken.sensitivity.parts[0].flips).toBeGreaterThan(0);
    expect(JSON.parse(stderr).error.code).toBe('QP3103');
  });
});

describe('inspect', () => {
  it('says whether the contract would be kept', async () => {
    const { code, stdout } = await runHere(['inspect', ...CREDIT, '--max-flips', '10%']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/contract kept: \d+ of 666 held-out labels flip, so up to [\d.]+ % may/);
  });

  it.each([['0.5'], ['-1%'], ['half']])('refuses a share of %s: it must be a percentage', async (share) => {
    const { code, stderr } = await runHere(['inspect', 'models/iris-mlp', '--max-flips', share]);
    expect(code).toBe(2);
    expect(stderr).toContain('must be a percentage, e.g. 0.5%');
  });
});
