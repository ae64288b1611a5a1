import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ArtifactCache } from '../../../src/server/fleet/artifact-cache.ts';
import { type ArtifactFile, listArtifact } from '../../../src/server/fleet/artifact-files.ts';

const MODEL = 'a'.repeat(64);

let root: string;
let files: ArtifactFile[];
let server: Server;
let url: string;
/** What the server gives, by digest, and what it was asked for. */
let given: Map<string, Buffer>;
let asked: string[];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'artifact-cache-'));
  await mkdir(path.join(root, 'shared', 'other'), { recursive: true });
  await mkdir(path.join(root, 'shared', 'own'));
  // Of the same size, in a folder that is looked into first.
  await writeFile(path.join(root, 'shared', 'other', 'circuit.zkey'), 'another');
  await writeFile(path.join(root, 'shared', 'own', 'circuit.zkey'), 'the key');
  await writeFile(path.join(root, 'shared', 'own', 'model.json'), '{}');
  // Of this machine alone.
  await writeFile(path.join(root, 'shared', 'own', '.lock'), '');
  await writeFile(path.join(root, 'shared', 'own', 'circuit.prover-key'), 'x');
  files = await listArtifact(path.join(root, 'shared', 'own'));
  given = new Map();
  asked = [];
  server = createServer(({ url: name = '', headers }, response) => {
    asked.push(`${headers.authorization} ${name}`);
    const content = given.get(path.basename(name));
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close().closeAllConnections();
  await rm(root, { recursive: true, force: true });
});

const cache = (sources: { folder?: string; server?: string }) =>
  new ArtifactCache(path.join(root, 'cache'), { token: 't', ...sources });

async function contentOf(folder: string): Promise<object> {
  const names = (await readdir(folder)).sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const),
    ),
  );
}

const WHOLE = { 'circuit.zkey': 'the key', 'model.json': '{}' };

it('fetches by digest from a folder, and once', async () => {
  expect(files.map(({ name }) => name).sort()).toEqual(Object.keys(WHOLE));
  const folder = await cache({ folder: path.join(root, 'shared') }).fetch(MODEL, files);
  expect(await contentOf(folder)).toEqual(WHOLE);
  await rm(path.join(root, 'shared'), { recursive: true });
  expect(await contentOf(await cache({}).fetch(MODEL, files))).toEqual(WHOLE);
});

it('fetches from a server with its token, and again what was damaged since', async () => {
  for (const { name, sha256 } of files) given.set(sha256, Buffer.from(WHOLE[name as keyof typeof WHOLE]));
  const own = cache({ server: `${url}/` });
  expect(await contentOf(await own.fetch(MODEL, files))).toEqual(WHOLE);
  expect(asked).toEqual(files.map(({ sha256 }) => `Bearer t /fleet/files/${sha256}`));
  const { sha256 } = files.find(({ name }) => name === 'circuit.zkey')!;
  await writeFile(path.join(root, 'cache', 'files', sha256), 'the kez');
  expect(await contentOf(await own.fetch(MODEL, files))).toEqual(WHOLE);
  expect(asked).toHaveLength(3);
});

it('takes nothing that has another content, or another name than a file has', async () => {
  for (const { sha256 } of files) given.set(sha256, Buffer.from('another'));
  const own = cache({ server: url });
  const refused = { code: 'QP6576' };
  await expect(own.fetch(MODEL, files)).rejects.toMatchObject(refused);
  for (const { sha256 } of files) given.set(sha256, Buffer.from('the key and more'));
  await expect(own.fetch(MODEL, files)).rejects.toMatchObject(refused);
  await expect(cache({}).fetch(MODEL, files)).rejects.toMatchObject(refused);
  expect(await readdir(path.join(root, 'cache', 'files'))).toEqual([]);
  const [file] = files;
  for (const name of ['../x', '.x', 'a/b', '']) {
    await expect(own.fetch(MODEL, [{ ...file!, name }])).rejects.toMatchObject(refused);
  }
  await expect(own.fetch(MODEL, [{ ...file!, sha256: '../../x' }])).rejects.toMatchObject(refused);
});
