import { writeFile } from 'node:fs/promises';
import { readCheckpoint } from '@quietproof/verify/log';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../../src/server/serve/endpoint.ts';
import { TestAuthority } from '../support/authority.ts';
import { iris } from '../support/iris.ts';
import { Site, until } from '../support/open.ts';

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.start();
});
afterAll(() => authority.close());
beforeEach(() => {
  authority.asked = 0;
});

const policy = { prove: 'on-demand', within: 3600, retention: 86_400 } as const;
const open = (site: Site) =>
  site.open({
    models: [{ artifactDir: iris().artifactDir, policy }],
    authorities: [authority.given],
    timestampEvery: 600,
  });

const published = (endpoint: Endpoint, entries: number) =>
  until(() => (endpoint.metrics.publishedEntries === entries ? true : undefined));

async function fileOf(endpoint: Endpoint, name: string): Promise<Buffer | undefined> {
  const file = await endpoint.logFile(`timestamp/${name}`);
  return file && Buffer.from(file);
}

async function listOf(endpoint: Endpoint): Promise<Readonly<Record<string, unknown>>[]> {
  const list = (await fileOf(endpoint, 'list'))?.toString() ?? '';
  return list
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('timestamps of an endpoint', () => {
  it('stand beside the log, hold for openssl, and are asked for once in a while, whoever asks', async () => {
    const site = await Site.make();
    let endpoint = await open(site);
    const [first] = await until(async () => {
      const list = await listOf(endpoint);
      return list.length > 0 ? list : undefined;
    });
    const name = 'tsa.example:8080';
    const files = { checkpoint: '1/checkpoint', timestamp: '1/tsa.example_8080.tsr' };
    expect(first).toEqual({ size: 1, time: expect.any(Number), authority: name, ...files });
    const checkpoint = (await fileOf(endpoint, files.checkpoint))!.toString();
    expect(checkpoint).toBe(Buffer.from((await endpoint.logFile('checkpoint'))!).toString());
    const { tsa } = authority;
    await writeFile(tsa.file('text'), readCheckpoint(checkpoint).note.text);
    await writeFile(tsa.file('answer'), (await fileOf(endpoint, files.timestamp))!);
    const words = ['ts', '-verify', '-data', 'text', '-in', 'answer', '-CAfile', 'root.pem'];
    expect(tsa.run(...words).toString()).toContain('OK');
    for (const other of ['1/x.tsr', '2/checkpoint', '2/tsa.example_8080.tsr']) {
      expect(await fileOf(endpoint, other), other).toBeUndefined();
    }
    expect(endpoint.metrics.authorities).toEqual([{ name, entries: 1, failures: 0 }]);
    await site.answer(endpoint);
    await published(endpoint, 2);
    await endpoint.close();
    // Opened again, it knows when it was asked last; and later, that it was long ago.
    endpoint = await open(site);
    await site.answer(endpoint);
    await published(endpoint, 3);
    expect([authority.asked, await listOf(endpoint)]).toEqual([1, [first]]);
    await endpoint.close();
    site.ahead = 700_000;
    endpoint = await open(site);
    await until(async () => ((await listOf(endpoint)).length === 2 ? true : undefined));
    expect((await listOf(endpoint)).map(({ size }) => size)).toEqual([1, 3]);
    expect(authority.asked).toBe(2);
    await endpoint.close();
  });

  it('that come when the endpoint is closed are not written, and asked for again', async () => {
    const site = await Site.make();
    authority.hold();
    const one = await open(site);
    await until(() => (authority.asked === 1 ? true : undefined));
    await one.close();
    const release = authority.pass();
    const two = await open(site);
    await until(async () => ((await listOf(two)).length === 1 ? true : undefined));
    release();
    await site.answer(two);
    await published(two, 2);
    expect((await listOf(two)).map(({ size }) => size)).toEqual([1]);
    expect(authority.asked).toBe(2);
    expect(site.events.filter(({ kind }) => kind === 'timestamp-failed')).toEqual([]);
    await two.close();
  });
});
