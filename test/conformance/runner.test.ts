import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAnswer } from '../../src/conformance/answer.ts';
import { askBatch } from '../../src/conformance/ask-batch.ts';
import { askOnce } from '../../src/conformance/ask-once.ts';
import type { Answer, Case } from '../../src/conformance/case.ts';
import { commandWords } from '../../src/conformance/command-words.ts';
import type { ExternalVerifier } from '../../src/conformance/external-verifier.ts';
import { judgeAll } from '../../src/conformance/judge.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { readCases } from './materialise.ts';

const PYTHON = fileURLToPath(new URL('../../src/verify/python/conformance.py', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'runner-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A verifier whose source is `body`, which runs with the words of one case. */
async function verifierOf(name: string, body: string, limit = 20_000): Promise<ExternalVerifier> {
  const file = path.join(folder, `${name}.mjs`);
  const source = `import { createInterface } from 'node:readline';
const say = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n');
const answer = async (words) => { ${body} };
if (process.argv[2] !== 'batch') await answer(process.argv.slice(2));
else for await (const line of createInterface(process.stdin)) await answer(JSON.parse(line));
`;
  await writeFile(file, source);
  return { command: [process.execPath, file], limit };
}

describe('one process per case', () => {
  it.each([
    [
      'an answer that its exit status denies',
      `say({ verdict: 'valid' }); process.exit(1)`,
      'valid with exit status 1',
    ],
    ['a refusal that its exit status denies', `say({ verdict: 'invalid' })`, 'invalid with exit status 0'],
    ['a crash', `throw new Error('broken')`, /^exit status 1|no JSON: nothing$/],
    ['wrong usage', `console.error('no such option'); process.exit(2)`, 'exit status 2: no such option'],
    ['no answer', '', 'no JSON: nothing'],
    [
      'an endless answer',
      `for (;;) if (!process.stdout.write('x'.repeat(65536))) await new Promise((go) => process.stdout.once('drain', go))`,
      /^SIGKILL/,
    ],
  ])('takes %s for none', async (_, body, why) => {
    const verifier = await verifierOf('once', body);
    expect(await askOnce(verifier, ['verify-bundle'])).toEqual({
      problem: typeof why === 'string' ? why : expect.stringMatching(why),
    });
  });

  it('does not wait for ever', async () => {
    const verifier = await verifierOf(
      'hangs',
      'setInterval(() => {}, 1000); await new Promise(() => {})',
      300,
    );
    expect(await askOnce(verifier, ['verify-bundle'])).toEqual({ problem: 'no answer within 0.3 s' });
  });

  it('cannot be a program that does not exist', async () => {
    const verifier = { command: [path.join(folder, 'nothing')] as [string], limit: 1000 };
    await expect(askOnce(verifier, [])).rejects.toMatchObject({ code: 'QP6651' });
    await expect(askBatch(verifier, [['verify-bundle']])).rejects.toMatchObject({ code: 'QP6651' });
  });
});

describe('a batch', () => {
  const lists = ['0', '1', '2', '3', '4'].map((word) => [word]);

  it('goes on after a case that ends the verifier, and one that it never answers', async () => {
    const body = `if (words[0] === '1') process.exit(7);
      if (words[0] === '3') { setInterval(() => {}, 1000); await new Promise(() => {}); }
      say({ verdict: 'valid', check: words[0] });`;
    let asked = 0;
    const outcomes = await askBatch(await verifierOf('ends', body, 1500), lists, () => {
      asked += 1;
    });
    expect(outcomes).toEqual([
      { verdict: 'valid', check: '0' },
      { problem: 'exit status 7: nothing' },
      { verdict: 'valid', check: '2' },
      { problem: 'no answer within 1.5 s' },
      { verdict: 'valid', check: '4' },
    ]);
    expect(asked).toBe(5);
  });

  it('is given up where no process answers anything', async () => {
    const verifier = await verifierOf('silent', 'process.exit(2)');
    await expect(askBatch(verifier, lists)).rejects.toMatchObject({ code: 'QP6652' });
  });

  it('takes a line that is no answer for none, and the next for the next', async () => {
    const verifier = await verifierOf(
      'mixed',
      `words[0] === '2' ? console.log('\\u001b[2Jhm') : say({ verdict: 'invalid' })`,
    );
    expect((await askBatch(verifier, lists))[2]).toEqual({ problem: 'no JSON: [2Jhm' });
  });
});

describe('an answer', () => {
  it.each([
    ['[]', /no JSON object/],
    ['null', /no JSON object/],
    ['{"verdict":"yes"}', /no verdict/],
    ['{"verdict":"valid","recordId":1}', /recordId of a wrong type/],
    ['{"verdict":"valid","unchecked":[1]}', /unchecked of a wrong type/],
  ])('%s is refused', (line, why) => {
    expect(readAnswer(line)).toEqual({ problem: expect.stringMatching(why) });
  });

  it.each([
    'verdict',
    'check',
    'recordId',
    'statement',
    'leaf',
    'unchecked',
    'setup',
    'seal',
    'trusted',
  ] as const)('that is wrong in %s alone is found', (name) => {
    const cases = readCases('bundles-v2').filter(
      (one) =>
        one[name] !== undefined &&
        one.sameRecordAs === undefined &&
        (name !== 'verdict' || one.check === undefined),
    );
    const one = cases[0]!;
    const { verdict, check, recordId, statement, leaf, unchecked, setup, seal, trusted }: Case = one;
    const right = Object.fromEntries(
      Object.entries({ verdict, check, recordId, statement, leaf, unchecked, setup, seal, trusted }).filter(
        ([, value]) => value !== undefined,
      ),
    ) as unknown as Answer;
    expect(judgeAll([one], new Map([[one.id, right]])).size).toBe(0);
    const value = name === 'verdict' ? 'incomplete' : Array.isArray(right[name]) ? ['x'] : 'x';
    const wrong = { ...right, [name]: value } as Answer;
    expect([...judgeAll([one], new Map([[one.id, wrong]])).keys()]).toEqual([one.id]);
  });

  it('of another record than the case that it is compared with is found', () => {
    const cases = readCases('bundles-v2');
    const one = cases.find(({ sameRecordAs }) => sameRecordAs !== undefined)!;
    const answer = (recordId: string) => ({ ...one, recordId }) as Answer;
    const { recordId } = cases.find(({ id }) => id === one.sameRecordAs)!;
    const outcomes = (id: string) =>
      new Map([
        [one.id, answer(id)],
        [one.sameRecordAs!, answer(recordId!)],
      ]);
    expect(judgeAll([one], outcomes(recordId!)).size).toBe(0);
    expect(judgeAll([{ ...one }], outcomes('00')).size).toBe(1);
  });
});

describe('the words of a command', () => {
  it.each([
    ['python3 a.py', ['python3', 'a.py']],
    ['  "C:\\Program Files\\v.exe"   --x=\'a b\'"c" ', ['C:\\Program Files\\v.exe', '--x=a bc']],
    [`v "" 'it "is"' $HOME;`, ['v', '', 'it "is"', '$HOME;']],
  ])('%s', (text, words) => {
    expect(commandWords(text)).toEqual(words);
  });

  it.each(['', '  ', '""', 'v "a', 'v \'a"'])('%j is refused', (text) => {
    expect(() => commandWords(text)).toThrow(expect.objectContaining({ code: 'QP6650' }));
  });
});

describe('quietproof conformance', () => {
  it("asks anybody's verifier, and keeps the files of the cases", async () => {
    const files = path.join(folder, 'cases');
    const words = ['--suite', 'v1', '--only', 'context', '--files', files, '--json'];
    const run = await runCli(['conformance', '--verifier', `python3 "${PYTHON}"`, '--batch', ...words]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const { conforms, suites } = JSON.parse(run.stdout);
    expect(conforms).toBe(true);
    expect(
      suites.map(({ suite, cases, wrong }: { suite: string; cases: number; wrong: [] }) => [
        suite,
        cases >= 5,
        wrong,
      ]),
    ).toEqual([['v1', true, []]]);
    expect(
      JSON.parse(await readFile(path.join(files, 'v1', 'context_replay.bundle.json'), 'utf8')),
    ).toHaveProperty('proof');
  });

  it('names what a verifier that accepts everything gets wrong, with status 1', async () => {
    const { command } = await verifierOf('accepts', `say({ verdict: 'valid' })`);
    const words = ['--only', 'pin', '--suite', 'v1', '--json'];
    const { code, stdout } = await runCli(['conformance', '--verifier', command.join(' '), ...words]);
    expect(code).toBe(1);
    const { conforms, suites } = JSON.parse(stdout);
    expect(conforms).toBe(false);
    expect(suites[0].wrong).toHaveLength(suites[0].cases);
    expect(suites[0].wrong[0]).toMatchObject({
      why: expect.stringContaining('valid where invalid (model) is right'),
    });
  });

  it('tests our own verifier, and knows its cases', async () => {
    const own = await runCli(['conformance', '--only', 'pin']);
    expect(own).toMatchObject({ code: 0, stdout: expect.stringMatching(/✓ v1 {2}6 of 6 answers right/) });
    expect(await runCli(['conformance', '--only', 'pins'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('QP6653'),
    });
  });
});
