import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../cli/support/run-cli.ts';
import { fencedBlocks, ROOT, readDocument, shellCommands, words } from './fenced-blocks.ts';

const README = readDocument('README.md');
/** Inside the package, so that it can be imported by its name, and in a folder that git ignores. */
let folder: string;

beforeAll(async () => {
  await mkdir(`${ROOT}artifacts`, { recursive: true });
  folder = await mkdtemp(`${ROOT}artifacts/readme-`);
  for (const model of ['digits-mlp', 'iris-mlp']) {
    await cp(`${ROOT}models/${model}`, path.join(folder, 'models', model), { recursive: true });
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('the commands work in order, as written', async () => {
  const commands = shellCommands(README).filter((line) => line.startsWith('npx quietproof'));
  const names = commands.map((command) => words(command)[2]);
  expect(names).toEqual(['inspect', 'compile', 'setup', 'prove', 'verify', 'verify', 'receipt', 'export']);
  for (const command of commands) {
    const { code, stdout, stderr } = await runCli(words(command).slice(2), folder);
    expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
  }
});

test('the program works as written', async () => {
  const [program] = fencedBlocks(README).filter(({ language }) => language === 'js');
  await writeFile(path.join(folder, 'program.mjs'), program!.text);
  const { code, output } = await runProgram(path.join(folder, 'program.mjs'));
  expect(code, output).toBe(0);
  expect(output.match(/iris-proofs.*\.proof\.json true Valid for model/g)).toHaveLength(2);
});

function runProgram(file: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, [file], { cwd: path.dirname(file) });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
