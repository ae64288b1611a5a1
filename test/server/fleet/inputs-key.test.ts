import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputsKey } from '../../../src/server/fleet/inputs-key.ts';

const [ONE, TWO] = ['ab'.repeat(32), 'cd'.repeat(32)];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'inputs-key-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the key of private inputs', () => {
  it('opens what it has encrypted, in its place, unchanged, and with each of its keys', () => {
    const key = InputsKey.parse(ONE);
    const bytes = Buffer.from('[1, 2, 3]');
    const locked = key.lock(bytes, 'log 7');
    expect(locked.bytes.includes(bytes)).toBe(false);
    // The same bytes look different each time.
    expect(key.lock(bytes, 'log 7').bytes.equals(locked.bytes)).toBe(false);
    expect(key.unlock(locked, 'log 7')).toEqual(bytes);
    const refused = expect.objectContaining({ code: 'QP6574' });
    expect(() => key.unlock(locked, 'log 8')).toThrow(refused);
    for (let at = 0; at < locked.bytes.length; at += 1) {
      const changed = Buffer.from(locked.bytes);
      changed[at]! ^= 1;
      expect(() => key.unlock({ ...locked, bytes: changed }, 'log 7')).toThrow(refused);
    }
    expect(() => key.unlock({ ...locked, bytes: locked.bytes.subarray(0, 20) }, 'log 7')).toThrow(refused);
    const both = InputsKey.parse(`${TWO}\n${ONE}\n`);
    expect(both.unlock(locked, 'log 7')).toEqual(bytes);
    const later = both.lock(bytes, 'log 7');
    expect(InputsKey.parse(TWO).unlock(later, 'log 7')).toEqual(bytes);
    expect(() => key.unlock(later, 'log 7')).toThrow(refused);
    expect(both.tokens).toContain(key.tokens[0]);
  });

  it.each(['', '\n', ONE.slice(1), `${ONE}0`, ONE.toUpperCase(), `${ONE}\nkey`])('is no %j', (text) => {
    expect(() => InputsKey.parse(text)).toThrow(expect.objectContaining({ code: 'QP6574' }));
  });

  it('is a file that nobody else may read', async () => {
    const file = path.join(root, 'inputs.key');
    await writeFile(file, `${ONE}\n`, { mode: 0o600 });
    await expect(InputsKey.read(file)).resolves.toBeInstanceOf(InputsKey);
    for (const mode of [0o640, 0o604, 0o620]) {
      await chmod(file, mode);
      await expect(InputsKey.read(file)).rejects.toMatchObject({ code: 'QP6574' });
    }
    await expect(InputsKey.read(path.join(root, 'none'))).rejects.toMatchObject({ code: 'QP6574' });
  });
});
