import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadBinary } from '../../src/prover/native-binary.ts';
import { NATIVE_INTERFACE } from '../../src/prover/native-binding.ts';
import { NATIVE_BINARY } from '../support/backends.ts';

const noteOf = (file: string) => file.replace(/\.node$/, '.json');

describe.skipIf(NATIVE_BINARY === undefined)('a binary of the native prover', () => {
  let folder: string;
  let file: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'native-binary-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  // A unique name per test, because Node does not load the same file twice.
  let count = 0;
  beforeEach(async () => {
    file = path.join(folder, `quietproof-native.${count}.node`);
    count += 1;
    await copyFile(NATIVE_BINARY!, file);
    await copyFile(noteOf(NATIVE_BINARY!), noteOf(file));
  });

  const reason = (expected?: number) => {
    const found = loadBinary(file, expected);
    expect(found.state).toBe('broken');
    return found.state === 'broken' ? found.reason : '';
  };
  /** Writes content with a matching build record. */
  const build = async (content: Uint8Array | string, number = NATIVE_INTERFACE) => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    await writeFile(file, content);
    await writeFile(noteOf(file), JSON.stringify({ interface: number, version: '0.0.0', sha256 }));
  };

  it('is loaded and gives its version and engine', () => {
    const found = loadBinary(file);
    if (found.state !== 'ready') throw new Error(found.reason);
    expect(found.binding.version()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(found.binding.engine()).toMatch(/^(portable|avx512-ifma)$/);
  });

  // The system's loader would map such a file, and a signal would kill this process.
  it.each([0, 64, 4096, 0.5, 0.99])('is refused when it was cut to %d', async (part) => {
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, part < 1 ? part * whole.length : part));
    expect(reason()).toMatch(/changed after it was built/);
  });

  it('is refused after one bit has changed', async () => {
    const bytes = await readFile(file);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(file, bytes);
    expect(reason()).toMatch(/changed after it was built/);
  });

  it('is refused without a build record, and with one that cannot be parsed', async () => {
    await writeFile(noteOf(file), 'no JSON');
    expect(reason()).toMatch(/JSON/);
    await rm(noteOf(file));
    expect(reason()).toMatch(/\.json is missing/);
  });

  it('is refused if it is missing', async () => {
    await rm(file);
    expect(reason()).toMatch(/no such file/);
  });

  it('is refused if it is text', async () => {
    await build('not a library\n');
    expect(reason()).not.toBe('');
  });

  it('is refused for another interface before it is loaded', async () => {
    await build(await readFile(file), NATIVE_INTERFACE + 1);
    expect(reason()).toContain(
      `interface ${NATIVE_INTERFACE + 1}, but interface ${NATIVE_INTERFACE} is required`,
    );
  });

  it('is refused if its interface differs from its build record', async () => {
    await build(await readFile(file), NATIVE_INTERFACE + 1);
    expect(reason(NATIVE_INTERFACE + 1)).toContain(`it has interface ${NATIVE_INTERFACE},`);
  });

  it('is refused if it is an unrelated addon', async () => {
    await build(await readFile(await anotherAddon()));
    expect(reason()).toContain('no interface number');
  });
});

/** The addon of the bundler, which is a dependency of vitest. */
async function anotherAddon(): Promise<string> {
  const scope = path.resolve('node_modules/@rolldown');
  const build = (await readdir(scope)).find((name) => name.startsWith('binding-'))!;
  const addon = (await readdir(path.join(scope, build))).find((name) => name.endsWith('.node'))!;
  return path.join(scope, build, addon);
}
