import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCheckpoint, signedBytes } from '@quietproof/verify/log';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../cli/support/run-cli.ts';
import { TestBeacon } from '../verify/seal/support/beacon.ts';
import { START } from '../verify/seal/support/sealed.ts';
import { OpensslAuthority } from '../verify/timestamp/openssl.ts';
import { Auditor, type Files } from './support/audit-of.ts';
import { announcement, LogFolder, MODEL_ID, PlacedAnswer } from './support/log-folder.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-address-'));
const auditor = new Auditor(root);
const answer = new PlacedAnswer(1, { time: START });
const beacon = new TestBeacon();
const log = new LogFolder([announcement(MODEL_ID), answer.entry]);
const [trusted, other] = ['trusted', 'other'].map((name) => path.join(root, `${name}.pem`)) as [
  string,
  string,
];
let timestamp: Uint8Array;
let server: Server;
let address: string;
/** What the server has, by path. */
let served: Files = {};

beforeAll(async () => {
  const authority = new OpensslAuthority();
  try {
    for (const name of ['root', 'leaf', 'other']) authority.newKey(name, 'p256');
    for (const name of ['root', 'other']) authority.issue(name, 'root');
    authority.issue('leaf', 'leaf', 'root');
    writeFileSync(trusted, authority.pem('root'));
    writeFileSync(other, authority.pem('other'));
    const { note } = readCheckpoint(await log.checkpoint());
    timestamp = authority.reply('leaf', Buffer.from(signedBytes(note.text)));
  } finally {
    authority.remove();
  }
  server = createServer(({ url = '' }, response) => {
    const content = served[url.slice(1)] ?? drandReply(url);
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/log/`;
});
afterAll(() => {
  server.close().closeAllConnections();
  rmSync(root, { recursive: true, force: true });
});

function drandReply(url: string): string | undefined {
  const [, hash, asked, round] = /^\/drand\/(\w+)\/(info|public)\/?(\d*)$/.exec(url) ?? [];
  if (hash !== beacon.chain.hash) return undefined;
  return JSON.stringify(asked === 'info' ? beacon.nodeInfo : beacon.round(Number(round)));
}

/** A log with a timestamp of its checkpoint, as an endpoint has it. */
async function stamped(stamp = timestamp): Promise<Files> {
  const [checkpoint, tsr] = ['2/checkpoint', '2/tsa.tsr'];
  const line = JSON.stringify({ size: 2, checkpoint, timestamp: tsr });
  return {
    ...(await log.files()),
    'log/timestamp/list': `${line}\n{"checkpoint":"../x/checkpoint","timestamp":"2/x.tsr"}\nno json\n`,
    [`log/timestamp/${checkpoint}`]: await log.checkpoint(),
    [`log/timestamp/${tsr}`]: stamp,
  };
}

it('is read whole, and its timestamps say by when answers existed', async () => {
  const record = auditor.folder({ 'a.proof.json': await log.record(answer) });
  served = await stamped();
  const { wrong, of, findings } = await auditor.auditFolders([record, address], { timestampRoots: trusted });
  expect(wrong).toEqual([]);
  expect(findings.scope.sources[1]).toEqual({ name: address, kind: 'log', records: 0 });
  expect(findings.logs).toMatchObject([{ size: 2, answers: 1, unproved: 0, consistent: true }]);
  expect(findings.logs[0]?.timestamps).toMatchObject([
    { authority: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ]);
  expect([of('timestamp-fails').grade, of('time-confirmed').records.count]).toEqual(['pass', 1]);
  expect(findings.limits.join(' ')).toContain('certificates of authorities for timestamps were revoked');
  // The same as a folder, by the certificate of somebody else, and without any.
  const folder = auditor.folder({ 'a.proof.json': await log.record(answer), ...(await stamped()) });
  const strange = await auditor.auditFolders([folder], { timestampRoots: other });
  expect([strange.wrong, strange.of('time-confirmed').grade]).toEqual([['timestamp-fails'], 'open']);
  const none = await auditor.auditFolders([folder]);
  expect(none.wrong).toEqual([]);
  expect(none.of('timestamp-fails').result).toContain('1 timestamp could not be checked');
  expect(none.of('time-not-confirmed').records.count).toBe(1);
  expect(none.findings.limits.join(' ')).toContain('all times are the word of whoever wrote the log');
});

it('has a sample of its records drawn by the first round of a beacon after its last timestamp', async () => {
  const record = auditor.folder({ 'a.proof.json': await log.record(answer) });
  served = await stamped();
  const out = path.join(root, 'drawn');
  const node = new URL(`/drand/${beacon.chain.hash}`, address).href;
  const words = ['audit', record, address, '--out', out, '--no-pdf', '--quiet', '--timestamp-roots', trusted];
  expect(await runCli([...words, '--openings', 'sample:1', '--beacon', node])).toMatchObject({ stderr: '' });
  const { scope, logs } = JSON.parse(readFileSync(path.join(out, 'findings.json'), 'utf8'));
  const { round, randomness, chain } = scope.sample.beacon;
  const { info, chain: own } = beacon;
  expect(chain).toBe(own.hash);
  expect(randomness).toBe(Buffer.from(beacon.checked(round).randomness).toString('hex'));
  const since = info.genesis + (round - 1) * info.period - Date.parse(logs[0].timestamps[0].existedBy) / 1000;
  expect([since > 0, since <= info.period + 1]).toEqual([true, true]);
  expect(scope.sample).toMatchObject({ of: 1, drawn: [{ opening: 'missing' }] });
});

it('that lacks entries is damaged; one that cannot be reached is no finding', async () => {
  const { 'log/tile/entries/000.p/2': _, ...rest } = await log.files();
  served = rest;
  const { wrong, findings } = await auditor.auditFolders([address]);
  expect([wrong, findings.logs[0]?.gaps]).toEqual([['log-damaged'], 2]);
  served = {};
  await expect(auditor.auditFolders([address])).resolves.toMatchObject({ wrong: ['log-damaged'] });
  const { port } = server.address() as AddressInfo;
  const unreachable = `http://127.0.0.1:${port}/log`.replace('http:', 'https:');
  await expect(auditor.auditFolders([unreachable])).rejects.toMatchObject({ code: 'QP6540' });
});
