import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keyIdOf, publicKeyIn, readStatementFile } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signRelease } from '../../src/sign/sign-release.ts';
import { readSigningKey, writeNewKeys } from '../../src/sign/signing-key.ts';
import { base } from '../conformance/materialise.ts';
import { quietproof } from '../rederive/in-process.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const modelOf = (bundle: string) =>
  `${JSON.stringify(JSON.parse(base(bundle, 'bundles-v2')).model, null, 2)}\n`;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'signing-'));
  await writeNewKeys(at('key.pem'));
  await writeFile(at('model.json'), modelOf('ceremony-a.proof.json'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('keys', () => {
  test('are read as they were written, and are those of standard tools', async () => {
    const key = await readSigningKey(at('key.pem'));
    const spki = Buffer.from(key.public, 'base64');
    expect(publicKeyIn(spki)).toHaveLength(32);
    expect(key.id).toBe(keyIdOf(spki));
    expect(await readFile(at('key.pem'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await readFile(at('key.pem.pub'), 'utf8')).toContain(key.public);
  });

  test.each([
    ['a text', 'hello', 'QP7910'],
    [
      'a public key',
      generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
      'QP7910',
    ],
    [
      'a key of another kind',
      generateKeyPairSync('x25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
      'QP7910',
    ],
    [
      'an encrypted key',
      generateKeyPairSync('ed25519').privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }),
      'QP7910',
    ],
  ])('are refused: %s, without quoting the file', async (_, text, code) => {
    await writeFile(at('other.pem'), text);
    const error = await readSigningKey(at('other.pem')).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code });
    const line = String(text).split('\n')[1] ?? 'hello';
    expect(JSON.stringify([error, (error as Error).message, (error as Error).cause])).not.toContain(line);
  });

  test('that are missing are a path that cannot be read', async () => {
    await expect(readSigningKey(at('none.pem'))).rejects.toMatchObject({ code: 'QP1002' });
  });
});

describe('a release', () => {
  const sign = (more: object) => signRelease(at('model.json'), { key: at('key.pem'), ...more });

  test('names the model, its time and what it replaces', async () => {
    const old = 'ab'.repeat(32);
    const { file } = await sign({ from: '2027-01-01T00:00:00Z', retires: [old] });
    const { statement } = readStatementFile(await readFile(file));
    expect(statement).toMatchObject({
      subject: [
        {
          name: 'model',
          digest: { sha256: JSON.parse(await readFile(at('model.json'), 'utf8')).ids.modelId },
        },
      ],
      predicate: { from: '2027-01-01T00:00:00Z', retires: [old] },
    });
    expect(path.dirname(file)).toBe(folder);
  });

  test.each([
    ['a time that is none', { from: 'tomorrow' }],
    ['an id that is none', { retires: ['abc'] }],
  ])('is refused with %s', async (_, more) => {
    await expect(sign(more)).rejects.toMatchObject({ code: 'QP7911' });
  });

  test('is refused of itself, and of what has no record', async () => {
    const { ids } = JSON.parse(await readFile(at('model.json'), 'utf8'));
    await expect(sign({ retires: [ids.modelId] })).rejects.toMatchObject({ code: 'QP7911' });
    await expect(signRelease(at('none'), { key: at('key.pem') })).rejects.toMatchObject({ code: 'QP1002' });
  });
});

describe('the command', () => {
  test('sign takes a release or a contribution', async () => {
    const { code, stdout } = await quietproof(
      'sign',
      'release',
      at('model.json'),
      '--key',
      at('key.pem'),
      '--out',
      at('out.json'),
    );
    expect(code).toBe(0);
    expect(stdout).toContain('out.json');
    const other = await quietproof('sign', 'model', at('model.json'), '--key', at('key.pem'));
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('QP1001') });
  });

  test('a key that is none is refused before anything is changed', async () => {
    const before = await readdir(folder);
    await writeFile(at('bad.pem'), 'x');
    const { code, stderr } = await quietproof('contribute', at('model.json'), '--sign', at('bad.pem'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/QP7910|QP1010/);
    expect((await readdir(folder)).filter((name) => name !== 'bad.pem')).toEqual(before);
  });
});
