import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { setUpArtifact } from '#dist/index.js';
import { logSwap, openAnsweringApp } from '#dist/server/http/open-app.js';
import { type IrisArtifact, irisArtifact } from '../../support/iris-artifact.ts';
import { until } from '../serve/support/until.ts';

interface Bundle {
  readonly model: { readonly ids: { readonly modelId: string } };
}

let artifact: IrisArtifact;
let other: string;
/** What an operator serves: a link to a version. */
let current: string;

beforeAll(async () => {
  artifact = await irisArtifact('digest');
  other = path.join(artifact.root, 'other');
  current = path.join(artifact.root, 'current');
  await cp(artifact.artifactDir, other, { recursive: true });
  // Another key makes another model id.
  await setUpArtifact(other, { source: { kind: 'development' }, behaviour: { count: 1 }, force: true });
});
afterAll(() => artifact.remove());

async function lead(to: string): Promise<void> {
  await rm(current, { force: true });
  await symlink(to, current);
}

async function ask(app: FastifyInstance) {
  const inputs = [{ name: 'input', shape: [1, 4], datatype: 'FP64', data: artifact.rows[0] }];
  const payload = JSON.stringify({ inputs });
  const response = await app.inject({ method: 'POST', url: '/v2/models/iris/infer', payload });
  expect(response.statusCode).toBe(200);
  return { version: response.json().model_version, id: String(response.headers['x-receipt-id']) };
}

it('a link that leads to another artifact changes the version, and old answers are proved by the old one', async () => {
  await lead(artifact.artifactDir);
  const folder = path.join(artifact.root, 'state');
  await mkdir(folder);
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const policy = { prove: 'all', within: 3600, retention: 86_400 } as const;
  const seal = { folder, origin: 'log.example/iris', key, policy, publishEvery: 20, workers: 1 };
  let logged = '';
  const { app, swap } = await openAnsweringApp({
    models: [{ artifactDir: current }],
    serverVersion: '0.0.0',
    seal,
    log: {
      write: (line) => {
        logged += line;
      },
    },
  });
  const before = await ask(app);
  expect(await swap([{ artifactDir: current }])).toEqual({ added: [], retired: [] });

  await lead(other);
  await logSwap(app.log, swap([{ artifactDir: current }]));
  const [line] = logged
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
    .filter(({ msg }) => msg === 'models-swapped');
  const after = await ask(app);
  expect(line.retired[0]).toMatch(new RegExp(`^${before.version}`));
  expect(line.added[0]).toMatch(new RegExp(`^${after.version}`));
  expect((await app.inject(`/v2/models/iris/versions/${before.version}/ready`)).statusCode).toBe(404);
  const bundles = await Promise.all(
    [before, after].map(({ id }) =>
      until<Bundle>(async () => {
        const response = await app.inject(`/v2/proofs/${id}`);
        return response.statusCode === 200 ? response.json() : undefined;
      }),
    ),
  );
  expect(bundles.map(({ model }) => model.ids.modelId)).toEqual([line.retired[0], line.added[0]]);

  await lead(path.join(artifact.root, 'missing'));
  await logSwap(app.log, swap([{ artifactDir: current }]));
  expect(logged).toContain('swap-failed');
  expect((await ask(app)).version).toBe(after.version);
  await app.close();
});
