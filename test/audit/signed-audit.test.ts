import { sign } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  canonicalBytes,
  PAYLOAD_TYPE,
  preAuthenticationEncoding,
  RELEASE_TYPE,
  STATEMENT_TYPE,
  TRUST_VERSION,
} from '@quietproof/verify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkSignedAudit } from '../../src/audit/signature/check-signed-audit.ts';
import { readSigningKey, type SigningKey, writeNewKeys } from '../../src/sign/signing-key.ts';
import { runCli } from '../cli/support/run-cli.ts';
import { Auditor, numbered } from './support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-signed-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const auditor = new Auditor(root);
const SIGNATURE = 'findings.dsse.json';
const LATER = '2100-01-01T00:00:00Z';

let key: SigningKey;
let other: SigningKey;
let pem: string;
let signed: string;

function trustOf(state: object, publicKey = key.public): string {
  count += 1;
  const file = path.join(root, `trust-${count}.json`);
  const parties = { auditor: { keys: [{ key: publicKey, ...state }] } };
  const rules = ['contribution', 'rederivation'].map((what) => ({ what, least: 1, by: ['auditor'] }));
  writeFileSync(file, JSON.stringify({ version: TRUST_VERSION, parties, rules }));
  return file;
}

/** A copy of the signed folder. */
function copied(): string {
  count += 1;
  const folder = path.join(root, `copy-${count}`);
  cpSync(signed, folder, { recursive: true });
  return folder;
}
let count = 0;

const read = (folder: string) => JSON.parse(readFileSync(path.join(folder, SIGNATURE), 'utf8'));
const statementIn = (folder: string) =>
  JSON.parse(Buffer.from(read(folder).payload, 'base64').toString('utf8'));

/** The folder with a statement that a key has signed as its own. */
function signedAgain(
  change: (statement: ReturnType<typeof JSON.parse>) => unknown,
  by = key,
  payloadOf: (statement: unknown) => Uint8Array = (statement) => canonicalBytes(statement as never),
): string {
  const folder = copied();
  const statement = statementIn(folder);
  const payload = payloadOf(change(statement) ?? statement);
  const sig = sign(null, preAuthenticationEncoding(PAYLOAD_TYPE, payload), by.private).toString('base64');
  const envelope = {
    payload: Buffer.from(payload).toString('base64'),
    payloadType: PAYLOAD_TYPE,
    signatures: [{ keyid: by.id, sig }],
  };
  writeFileSync(path.join(folder, SIGNATURE), JSON.stringify(envelope));
  return folder;
}

const refusal = (code: string) => expect.objectContaining({ code });

beforeAll(async () => {
  pem = path.join(root, 'auditor.pem');
  await writeNewKeys(pem);
  await writeNewKeys(path.join(root, 'other.pem'));
  [key, other] = [await readSigningKey(pem), await readSigningKey(path.join(root, 'other.pem'))];
  signed = (await auditor.audit(numbered(['label-a']), { sign: pem })).out;
});

it('the files of an audit are signed, and checked under the key of a party of the trust file', async () => {
  const found = await checkSignedAudit(signed, trustOf({ state: 'active' }), LATER);
  expect(found).toMatchObject({
    party: 'auditor',
    isProducer: false,
    keyId: key.id,
    files: ['findings.json', 'findings.csv', 'report.html'],
  });
  expect(statementIn(signed).predicate).toEqual({ signer: key.id, date: found.date });
});

it.each([
  ['findings.json', (text: string) => text.replace('"accepted":1', '"accepted":2')],
  ['findings.csv', (text: string) => `${text}x`],
  ['report.html', (text: string) => text.replace('accepted', 'Accepted')],
])('%s is not another one', async (name, change) => {
  const folder = copied();
  const before = readFileSync(path.join(folder, name), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path.join(folder, name), after);
  const checked = checkSignedAudit(folder, trustOf({ state: 'active' }), LATER);
  await expect(checked).rejects.toEqual(refusal('QP6642'));
});

it('no file is missing, added, or a link to another', async () => {
  const trust = trustOf({ state: 'active' });
  const [without, added, linked] = [copied(), copied(), copied()];
  rmSync(path.join(without, 'findings.csv'));
  writeFileSync(path.join(added, 'report.pdf'), '%PDF-1.7 all is well');
  renameSync(path.join(linked, 'report.html'), path.join(linked, 'elsewhere.html'));
  symlinkSync('elsewhere.html', path.join(linked, 'report.html'));
  for (const folder of [without, added, linked]) {
    await expect(checkSignedAudit(folder, trust, LATER)).rejects.toEqual(refusal('QP6642'));
  }
});

it('only the key of a party counts, while it was good', async () => {
  const refused = async (folder: string, trust: string, at = LATER) =>
    expect(checkSignedAudit(folder, trust, at)).rejects.toEqual(refusal('QP6641'));
  const { date } = statementIn(signed).predicate;
  await refused(signed, trustOf({ state: 'active' }, other.public));
  await refused(signed, trustOf({ state: 'compromised', since: '2099-01-01T00:00:00Z' }));
  await refused(signed, trustOf({ state: 'retired', since: date }));
  await refused(signed, trustOf({ state: 'active' }), '2020-01-01T00:00:00Z');
  await checkSignedAudit(signed, trustOf({ state: 'retired', since: '2099-01-01T00:00:00Z' }), LATER);
  // Another's signature under the name of the auditor's key.
  const forged = signedAgain((statement) => statement, other);
  const envelope = read(forged);
  envelope.signatures[0].keyid = key.id;
  writeFileSync(path.join(forged, SIGNATURE), JSON.stringify(envelope));
  await refused(forged, trustOf({ state: 'active' }));
});

it('the key has signed just this, and not something else', async () => {
  const statements: [string, string][] = [
    ['of another kind', signedAgain((statement) => ({ ...statement, predicateType: RELEASE_TYPE }))],
    [
      'that names another signer',
      signedAgain((statement) => {
        statement.predicate.signer = other.id;
      }),
    ],
    [
      'about fewer files',
      signedAgain((statement) => {
        statement.subject.pop();
      }),
    ],
    [
      'about a file twice',
      signedAgain((statement) => {
        statement.subject[1] = statement.subject[0];
      }),
    ],
    [
      'in another order',
      signedAgain((statement) => {
        statement.subject.reverse();
      }),
    ],
    [
      'about a file elsewhere',
      signedAgain((statement) => {
        statement.subject[0].name = '../findings.json';
      }),
    ],
    ['with more in it', signedAgain((statement) => ({ ...statement, note: 'x' }))],
    [
      'in another form',
      signedAgain(
        (one) => one,
        key,
        (one) => Buffer.from(JSON.stringify(one, null, 1)),
      ),
    ],
    ['of another format', signedAgain((statement) => ({ ...statement, _type: `${STATEMENT_TYPE}x` }))],
  ];
  const trust = trustOf({ state: 'active' });
  for (const [what, folder] of statements) {
    const checked = checkSignedAudit(folder, trust, LATER).then(
      () => 'accepted',
      (error) => error.code,
    );
    expect([what, await checked]).toEqual([what, 'QP6640']);
  }
});

it('an audit without signature has none left from before', async () => {
  const folder = copied();
  const source = auditor.folder(numbered(['label-b']));
  await runCli(['audit', source, '--out', folder, '--no-pdf']);
  const checked = checkSignedAudit(folder, trustOf({ state: 'active' }), LATER);
  await expect(checked).rejects.toEqual(refusal('QP6640'));
});

it('the command checks, and says who signed', async () => {
  const trust = trustOf({ state: 'active' });
  const good = await runCli(['audit', signed, '--check', '--trust', trust]);
  expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('signed by auditor') });
  const bad = copied();
  writeFileSync(path.join(bad, 'findings.csv'), 'all is well');
  expect(await runCli(['audit', bad, '--check', '--trust', trust])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('QP6642'),
  });
  for (const words of [['--check'], ['--check', '--trust', trust, '--out', bad], []]) {
    expect(await runCli(['audit', signed, ...words])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('QP1001'),
    });
  }
});
