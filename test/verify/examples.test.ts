import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fileJson } from '@quietproof/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MISSING_BROWSER, openBrowser } from '../export/browser/support/browser.ts';
import { publicBundle } from './support/corpus.ts';

const run = promisify(execFile);
const VERIFY = path.resolve('src/verify');
const bundle = publicBundle();
const { modelId } = bundle.model.ids;
let root: string;
let file: string;
let server: Server;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'examples-'));
  file = path.join(root, 'a.proof.json');
  await writeFile(file, fileJson(bundle));
  server = createServer((request, response) => {
    const type = request.url?.endsWith('.html') ? 'text/html' : 'text/javascript';
    const asked = path.join(VERIFY, new URL(request.url ?? '/', 'http://localhost').pathname);
    readFile(asked).then(
      (body) => response.setHeader('content-type', type).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  server.close();
  await rm(root, { recursive: true });
});

const example = (name: string) => path.join(VERIFY, 'examples', name);

test('node', async () => {
  const { stdout } = await run('node', [example('node.mjs'), file, modelId]);
  expect(stdout).toMatch(/^Valid for model "scores"[\s\S]*answer:/);
  await expect(run('node', [example('node.mjs'), file, 'ab'.repeat(32)])).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('QP7601'),
  });
});

test.skipIf(!installed('deno'))('deno', async () => {
  const { stdout } = await run('deno', ['run', '--allow-read', example('deno.mjs'), file, modelId]);
  expect(stdout).toContain('Valid for model "scores"');
});

test.skipIf(!installed('bun'))('bun', async () => {
  const { stdout } = await run('bun', ['run', example('bun.mjs'), file, modelId]);
  expect(stdout).toContain('Valid for model "scores"');
});

test.skipIf(MISSING_BROWSER !== undefined)('a page, and a worker', async () => {
  const { context, close } = await openBrowser({ offline: false });
  try {
    const page = await context.newPage();
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/examples/browser.html`);
    await page.fill('#model', modelId);
    await page.setInputFiles('#bundle', file);
    await page.waitForFunction(() => document.getElementById('verdict')?.textContent !== '');
    expect(await page.textContent('#verdict')).toContain('Valid for model "scores"');
    const headlines = await page.evaluate(
      (text) =>
        new Promise<string[]>((resolve) => {
          const worker = new Worker('worker.mjs', { type: 'module' });
          worker.onmessage = ({ data }) =>
            resolve(data.map(({ headline }: { headline: string }) => headline));
          worker.postMessage({ bundles: [text, '{'], options: { anyModel: true } });
        }),
      fileJson(bundle),
    );
    expect(headlines).toEqual([
      expect.stringContaining('Valid for model "scores"'),
      expect.stringContaining('Not valid: QP7001'),
    ]);
  } finally {
    await close();
  }
});

function installed(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
