import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextStep } from '../../src/cli/next-step.ts';
import { commandLine } from '../../src/text/command-line.ts';
import { runCli } from './support/run-cli.ts';
import { runHere } from './support/run-here.ts';

const MAIN = path.resolve('dist/cli/main.js');
const CONTEXT = 'order 17, O\'Brien: $5 "net" `x` \\';
let root: string;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'next step '));
  await mkdir(path.join(root, 'my data'));
  await cp('models/iris-mlp', path.join(root, 'my models', 'iris'), { recursive: true });
  const { inputs } = JSON.parse(await readFile('models/iris-mlp/test.json', 'utf8'));
  await writeFile(path.join(root, 'my data', 'rows.json'), JSON.stringify(inputs));
  await writeFile(path.join(root, 'my data', 'two.json'), JSON.stringify(inputs.slice(0, 2)));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs a line as a user would paste it: by a shell, in which `quietproof` is the built command line. */
async function paste(line: string) {
  const script = `quietproof() { "$NODE" "$MAIN" "$@"; }\n${line}`;
  const env = { ...process.env, NODE: process.execPath, MAIN, NO_COLOR: '1' };
  return promisify(execFile)('bash', ['-c', script], { cwd: root, env });
}

function lastStep(stdout: string): string {
  const [, line] = /\n→ (quietproof .*)\n$/.exec(stdout)!;
  return line!;
}

describe('the last line of each command', () => {
  it('can be pasted: it has the options that matter, and quotes what needs quotes', async () => {
    const model = path.join('my models', 'iris', 'model.onnx');
    const words = [
      model,
      '--calibration',
      path.join('my data', 'rows.json'),
      '--bits',
      '6',
      '--input',
      'public',
    ];
    const inspected = await runCli(['inspect', ...words], root);
    const compile = lastStep(inspected.stdout);
    expect(compile).toBe(
      'quietproof compile "my models/iris/model.onnx" --calibration "my data/rows.json" --input public --bits 6',
    );
    const compiled = await paste(`${compile} --out "an artifact"`);
    const setup = lastStep(compiled.stdout);
    expect(setup).toBe('quietproof setup "an artifact" --dev');
    const prove = lastStep((await paste(setup)).stdout).replace('DATA', '"my data/two.json"');
    const asked = commandLine(['--unique-context', '--context', CONTEXT]).replace('quietproof ', '');
    const proved = await paste(`${prove.replace('--out proofs', '--out "my proofs"')} ${asked}`);
    const verify = lastStep(proved.stdout);
    const verified = await paste(verify);
    expect(verified.stdout).toContain('2 proofs: 2 valid');
    expect(verified.stdout).toContain('all 2 of a model you expect');
    expect(verified.stdout).toContain('all 2 made for the one you gave');
    await expect(paste(verify.replace('$5', '$6'))).rejects.toMatchObject({ code: 1 });
    const receipt = await paste('quietproof receipt "my proofs/000001.proof.json"');
    expect((await paste(lastStep(receipt.stdout))).stdout).toContain('Valid');
    const exported = await paste('quietproof export "my proofs" --target solidity --out contracts');
    expect((await paste(lastStep(exported.stdout))).stdout).toMatch(/^0x[0-9a-f]+\n$/);
  });
});

// Uses the files of the test above. Other tests run setup, contribute, prove, rederive and doctor with --json.
describe('--json', () => {
  const at = (...names: string[]) => path.join(root, ...names);
  const model = () => at('my models', 'iris', 'model.onnx');
  const rows = () => ['--calibration', at('my data', 'rows.json')];
  const bundle = () => at('my proofs', '000000.proof.json');

  /** Pages are assembled from parts that only the build has. */
  const runnerFor = (words: readonly string[]) =>
    words.includes('browser') || words[0] === 'receipt' ? runCli : runHere;

  it.each([
    ['inspect', () => ['inspect', model(), ...rows()], 'layers'],
    ['compile --dump', () => ['compile', model(), ...rows(), '--dump', 'bounds'], 'content'],
    ['check', () => ['check', at('an artifact')], 'soundness'],
    ['verify', () => ['verify', bundle(), '--any-model'], 'verdicts'],
    ['receipt', () => ['receipt', bundle(), '--out', at('json.html')], 'headline'],
    ['export browser', () => ['export', at('my proofs'), '--target', 'browser', '--out', at('b')], 'files'],
    ['export solidity', () => ['export', at('my proofs'), '--target', 'solidity', '--out', at('s')], 'files'],
    ['export calldata', () => ['export', bundle(), '--target', 'calldata'], 'cast'],
  ])('%s prints one object on stdout, and nothing else anywhere', async (_, words, key) => {
    const { code, stdout, stderr } = await runnerFor(words())([...words(), '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toHaveProperty(key);
  });
});

it.each([
  ['plain/path-1.json', '→ quietproof verify plain/path-1.json'],
  ['with space', '→ quietproof verify "with space"'],
  ["it's", '→ quietproof verify "it\'s"'],
  ['$HOME', "→ quietproof verify '$HOME'"],
  ["$it's", "→ quietproof verify '$it'\\''s'"],
  ['-x', '→ quietproof verify ./-x'],
  ['*', '→ quietproof verify "*"'],
])('the operand %j is written as it can be pasted', (operand, line) => {
  expect(nextStep('verify', operand)).toBe(line);
});

it('an option without a value is a flag, and one that is not set is left out', () => {
  expect(nextStep('x', 'y', { '--a': true, '--b': false, '--c': undefined, '--d': 2 })).toBe(
    '→ quietproof x y --a --d 2',
  );
});
