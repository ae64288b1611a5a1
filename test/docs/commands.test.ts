import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, copyFile, cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../cli/support/run-cli.ts';
import { makePtau } from '../support/small-circuit.ts';
import { GUIDES } from './documents.ts';
import { fencedBlocks, ROOT, readDocument, shellCommands, words } from './fenced-blocks.ts';

/** Commands that this test does not run, and where they are run. */
const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'test/cli/demo.test.ts',
  'npm ci && npm test': '.ci/run',
  'npm ci': '.ci/run',
  'npm run build': '.ci/run',
  'npx vitest run test/integer': '.ci/run',
  'npm run build:native': '.ci/run',
  'npx quietproof serve artifacts/digits-mlp --seal log --state state --origin log.example/digits --log-key log.pem':
    'test/server/http/serve-command.test.ts',
  'tensorflowjs_converter --input_format=keras model.h5 .': 'test/slow/export-lines/keras_tfjs.py',
};

/** What the reader of a document has that no document before it made. */
const GIVEN: Readonly<Record<string, () => Promise<void>>> = {
  'docs/builder/credit-model.md': () =>
    cp(`${ROOT}test/fixtures/sklearn/german-credit`, folder, { recursive: true }),
  'docs/builder/keys.md': async () => {
    await rename(await makePtau(folder, 8), path.join(folder, 'powersOfTau28_hez_final_08.ptau'));
  },
  'docs/contributor/README.md': async () => {
    for (const name of ['circuit.zkey', 'circuit.r1cs']) {
      await copyFile(path.join(folder, 'artifacts/breast-cancer-logreg', name), path.join(folder, name));
    }
  },
};

/** Inside the package, so that it can be imported by its name, and in a folder that git ignores. */
let folder: string;

beforeAll(async () => {
  await mkdir(`${ROOT}artifacts`, { recursive: true });
  folder = await mkdtemp(`${ROOT}artifacts/docs-`);
  for (const model of ['digits-mlp', 'iris-mlp', 'breast-cancer-logreg']) {
    await cp(`${ROOT}models/${model}`, path.join(folder, 'models', model), { recursive: true });
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('all commands work as written, one document after the other', () => {
  const seen = new Set<string>();
  test.each(GUIDES)('%s', { timeout: 600_000 }, async (document) => {
    await GIVEN[document]?.();
    for (const command of shellCommands(readDocument(document))) {
      if (command in RUN_ELSEWHERE || seen.has(command)) continue;
      seen.add(command);
      const [npx, program, ...rest] = words(command);
      expect([npx, program], `${document}: ${command}`).toEqual(['npx', 'quietproof']);
      const { code, stdout, stderr } = await runCli(rest, folder);
      expect(code, `${document}: ${command}\n${stdout}${stderr}`).toBe(0);
    }
  });
});

test('the program works as written', async () => {
  const [program] = fencedBlocks(readDocument('docs/builder/library.md')).filter(
    ({ language }) => language === 'js',
  );
  await writeFile(path.join(folder, 'program.mjs'), program!.text);
  const { code, output } = await runProgram(path.join(folder, 'program.mjs'));
  expect(code, output).toBe(0);
  expect(output.match(/iris-proofs.*\.proof\.json true Valid for model/g)).toHaveLength(2);
});

test('the server of one’s own works as written', async () => {
  const [, program] = fencedBlocks(readDocument('docs/builder/library.md')).filter(
    ({ language }) => language === 'js',
  );
  expect(program!.text.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  await writeFile(path.join(folder, 'server.mjs'), program!.text);
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, ['server.mjs'], { cwd: folder, env, stdio: 'inherit' });
  try {
    const order = JSON.stringify({ row: [5.1, 3.5, 1.4, 0.2], order: 'order 17' });
    const url = `http://127.0.0.1:${port}/classify`;
    const { id, answers } = await untilIt(async () => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: order })).json();
    });
    expect(answers).toMatchObject([{ answer: { kind: 'label', index: 0 } }]);
    await untilIt(() => access(path.join(folder, 'answers', `${id}.proof.json`)));
  } finally {
    child.kill();
    await once(child, 'close');
  }
  const options = ['--model', 'artifacts/iris', '--context', 'order 17'];
  const { code, stdout, stderr } = await runCli(['verify', 'answers', ...options], folder);
  expect(code, stdout + stderr).toBe(0);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Tries again until it succeeds; the time limit is the test's. */
async function untilIt<T>(succeeds: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await succeeds();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

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
