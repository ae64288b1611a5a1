import { copyFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KEY_FILES } from '../../src/artifact/file-names.ts';
import { nativeBackend } from '../../src/prover/native-backend.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import type { NativeBinding, NativeKey, NativeKeyOptions } from '../../src/prover/native-binding.ts';
import { NATIVE_BINARY } from '../support/backends.ts';
import { type SquareCircuit, squareCircuit, squareWitness } from '../support/square-circuit.ts';

const SETTLED_MS = 3100;
const [SOURCE, CONTENT] = ['ab'.repeat(32), 'cd'.repeat(32)];

describe('what is known of a key that has not changed', () => {
  let folder: string;
  let zkey: string;
  let converted: string;
  /** The digests that loads were given. */
  const given: Pick<NativeKeyOptions, 'knownSource' | 'knownContent'>[] = [];
  const key = { memory: 1, uncached: null, sourceDigest: SOURCE, contentDigest: CONTENT, close() {} };
  const backend = nativeBackend({
    engine: () => 'portable',
    async loadKey(_: string, { knownSource, knownContent }: NativeKeyOptions) {
      given.push({ ...(knownSource && { knownSource }), ...(knownContent && { knownContent }) });
      return key as unknown as NativeKey;
    },
  } as unknown as NativeBinding);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'unchanged-key-'));
    vi.stubEnv('XDG_CACHE_HOME', path.join(folder, 'cache'));
    await mkdir(path.join(folder, 'artifact'));
    [zkey, converted] = [KEY_FILES.zkey, KEY_FILES.proverCache].map((name) =>
      path.join(folder, 'artifact', name),
    ) as [string, string];
    for (const file of [zkey, converted]) await writeFile(file, new Uint8Array(2 ** 18));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  async function shared(options = {}) {
    (await backend.share(zkey, options)).release();
    return given.at(-1);
  }

  it('is what loading found, once the files have settled; --paranoid asks for nothing', async () => {
    expect(await shared()).toEqual({});
    await setTimeout(SETTLED_MS);
    expect(await shared()).toEqual({});
    expect(await shared()).toEqual({ knownSource: SOURCE, knownContent: CONTENT });
    expect(await shared({ paranoid: true })).toEqual({});
  });

  it('is nothing of a file that was changed, replaced or removed', async () => {
    await writeFile(converted, Uint8Array.of(1), { flag: 'r+' });
    await utimes(converted, 1_700_000_000, 1_700_000_000);
    expect(await shared()).toEqual({ knownSource: SOURCE });
    await copyFile(zkey, `${zkey}.new`);
    await rename(`${zkey}.new`, zkey);
    expect(await shared()).toEqual({});
    await rm(converted);
    expect(await shared()).toEqual({});
  });
});

// What somebody gains who makes the system show a changed file as unchanged, or writes into the user's cache.
describe.skipIf(NATIVE_BINARY === undefined)('known digests that are wrong', () => {
  let circuit: SquareCircuit;
  let binding: NativeBinding;
  let cache: string;
  const witness = squareWitness(1n, 49n, 7n);
  const tableBudget = 1e6;

  beforeAll(async () => {
    circuit = await squareCircuit();
    const native = nativeProver();
    if (native.state !== 'ready') throw new Error(native.reason);
    binding = native.binding;
    cache = path.join(circuit.folder, KEY_FILES.proverCache);
  });
  afterAll(() => circuit.remove());

  it('let a damaged key be loaded, whose proofs are refused; without them it is converted again', async () => {
    const intact = await binding.loadKey(circuit.zkey, { cache, tableBudget });
    const [knownSource, knownContent] = [intact.sourceDigest, intact.contentDigest];
    intact.close();
    const bytes = await readFile(cache);
    // The multiples of H, the ninth part: the table of parts begins at byte 112.
    const [start, length] = [240, 248].map((at) => Number(bytes.readBigUInt64LE(at))) as [number, number];
    bytes.fill(0x11, start, start + length);
    await writeFile(`${cache}.new`, bytes);
    await rename(`${cache}.new`, cache);
    const known = { knownSource, knownContent };
    const damaged = await binding.loadKey(circuit.zkey, { cache, tableBudget, ...known });
    expect(() => damaged.prove(witness, 1)).toThrow(expect.objectContaining({ code: 'proof-rejected' }));
    expect(damaged.provesAll([witness], 1)).toBe(false);
    damaged.close();
    const again = await binding.loadKey(circuit.zkey, { cache, tableBudget, knownSource });
    expect(again.contentDigest).toBe(knownContent);
    expect(again.prove(witness, 1).publicSignals).toEqual(['49', '7']);
    again.close();
  });

  it("let another key's conversion be loaded, which is not the artifact's key", async () => {
    await circuit.makeKey('other.zkey');
    const other = path.join(circuit.folder, 'other.zkey');
    const theirs = await binding.loadKey(other, { cache, tableBudget });
    const { sourceDigest: knownSource, contentDigest: knownContent } = theirs;
    theirs.close();
    const own = await binding.loadKey(circuit.zkey, { tableBudget });
    const { verificationKey } = own;
    own.close();
    const mistaken = await binding.loadKey(circuit.zkey, { cache, tableBudget, knownSource, knownContent });
    expect(mistaken.sourceDigest).toBe(knownSource);
    expect(mistaken.verificationKey.delta2).not.toEqual(verificationKey.delta2);
    mistaken.close();
    for (const text of ['', 'ab', 'zz'.repeat(32)]) {
      const key = await binding.loadKey(circuit.zkey, { cache, tableBudget, knownSource: text });
      expect(key.verificationKey).toEqual(verificationKey);
      key.close();
    }
  });
});
