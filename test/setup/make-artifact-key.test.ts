import { copyFile, mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyId } from '@quietproof/verify';
import { zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readZkey, type Zkey } from '../../src/formats/zkey.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { checkSetupBehaviour } from '../../src/setup/check-behaviour.ts';
import { contributeTo } from '../../src/setup/contribute-to.ts';
import { makeArtifactKey } from '../../src/setup/make-artifact-key.ts';
import { withTrialProver } from '../../src/setup/trial-prover.ts';
import { ALL_BACKENDS, USUAL_BACKEND } from '../support/backends.ts';
import {
  compileSmall,
  holdCurve,
  makePtau,
  OTHER_A,
  OTHER_C,
  type SmallCircuit,
  temporaryFolder,
} from '../support/small-circuit.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let circuit: SmallCircuit;
let ptau: string;

let release: () => Promise<void>;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  circuit = await compileSmall(folder.path);
  ptau = await makePtau(folder.path, 5);
});
afterAll(async () => {
  await folder.remove();
  await release();
});

const development = { kind: 'development' } as const;

describe('setup --dev', () => {
  it('writes a key with which snarkjs proves and verifies, and says that it was only tested', async () => {
    const options = { source: development, witnesses: circuit.witness, behaviour: { count: 4 } };
    const { state, record, verificationKey, notes } = await makeArtifactKey(circuit.folder, options);
    expect({ state, record }).toEqual({ state: 'ready', record: { kind: 'development' } });
    expect(notes.includes('Made by the native prover')).toBe(USUAL_BACKEND.name === 'native');
    expect(notes).toContain('4 random witnesses proved and verified: tested, not proved');
    const setup = JSON.parse(await readFile(join(circuit.folder, 'setup.json'), 'utf8'));
    expect(setup).toEqual({ state, record });
    const zkey = await readFile(join(circuit.folder, 'circuit.zkey'));
    const exported = (await withCurve(() => zKey.exportVerificationKey(zkey))) as Record<string, unknown>;
    delete exported.vk_alphabeta_12;
    expect(verificationKey).toEqual(exported);
    expect(JSON.parse(await readFile(join(circuit.folder, 'verification-key.json'), 'utf8'))).toEqual(
      exported,
    );
  });

  it('refuses to replace a key, unless forced: it then keeps the previous key under its id', async () => {
    const again = makeArtifactKey(circuit.folder, { source: development });
    await expect(again).rejects.toMatchObject({ code: 'QP5036' });
    const before = await readFile(join(circuit.folder, 'circuit.zkey'));
    const key = JSON.parse(await readFile(join(circuit.folder, 'verification-key.json'), 'utf8'));
    const { kept } = await makeArtifactKey(circuit.folder, { source: development, force: true });
    expect(kept).toBe(`keys/${keyId(key).slice(0, 16)}`);
    expect((await readFile(join(circuit.folder, kept!, 'circuit.zkey'))).equals(before)).toBe(true);
  });

  it('keeps a damaged key too', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await writeFile(join(artifact, 'circuit.zkey'), 'damaged');
    const { kept } = await makeArtifactKey(artifact, { source: development, force: true });
    expect(kept).toMatch(/^keys\/unreadable-[0-9a-f]{16}$/);
    expect(await readFile(join(artifact, kept!, 'circuit.zkey'), 'utf8')).toBe('damaged');
  });

  it('draws new randomness every time', async () => {
    const one = await makeArtifactKey(circuit.folder, { source: development, force: true });
    const two = await makeArtifactKey(circuit.folder, { source: development, force: true });
    for (const point of ['vk_alpha_1', 'vk_beta_2', 'vk_delta_2', 'IC'] as const) {
      expect(one.verificationKey[point]).not.toEqual(two.verificationKey[point]);
    }
    expect(one.verificationKey.vk_gamma_2).toEqual(two.verificationKey.vk_gamma_2);
  });

  it('replaces all files of a key, and removes what was derived from the old one', async () => {
    const derived = ['model.json', 'circuit.prover-key', 'circuit.zkey.fold'];
    for (const name of derived) await writeFile(join(circuit.folder, name), 'old');
    await makeArtifactKey(circuit.folder, { source: development, force: true });
    const names = await readdir(circuit.folder);
    expect(names.sort()).toEqual(
      [
        'circuit.r1cs',
        'circuit.sym',
        'circuit.wasm',
        'circuit.zkey',
        ...(USUAL_BACKEND.name === 'native' ? ['circuit.zkey.fold'] : []),
        'keys',
        'setup.json',
        'verification-key.json',
      ].sort(),
    );
  });

  it('stops when aborted, and leaves the old key unchanged', async () => {
    const before = await readFile(join(circuit.folder, 'circuit.zkey'));
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(
      makeArtifactKey(circuit.folder, { source: development, force: true, signal }),
    ).rejects.toThrow('stopped');
    expect((await readFile(join(circuit.folder, 'circuit.zkey'))).equals(before)).toBe(true);
  });

  it('says that a folder without a circuit is not an artifact', async () => {
    await expect(makeArtifactKey(folder.path, { source: development })).rejects.toMatchObject({
      code: 'QP5033',
    });
  });

  it.runIf(ALL_BACKENDS.some(({ name }) => name === 'native'))(
    'leaves the key as the native prover reads it, so that the first proof need not convert it',
    async () => {
      const { folder: artifact, witness } = await compileSmall(folder.path);
      const options = {
        source: development,
        witnesses: witness,
        behaviour: { count: 1 },
        force: true,
      } as const;
      await makeArtifactKey(artifact, { ...options, backend: 'native' });
      const first = await stat(join(artifact, 'circuit.prover-key'));
      const verificationKey = JSON.parse(await readFile(join(artifact, 'verification-key.json'), 'utf8'));
      await withTrialProver(artifact, verificationKey, 'native', async (prover) => {
        await prover!.prove(await witness(0));
      });
      expect((await stat(join(artifact, 'circuit.prover-key'))).ino).toBe(first.ino);
      await makeArtifactKey(artifact, { ...options, backend: 'snarkjs' });
      expect(await readdir(artifact)).not.toContain('circuit.prover-key');
    },
  );

  it.each(ALL_BACKENDS.map(({ name }) => name))(
    'detects a key that cannot prove, with %s',
    async (backend) => {
      const { verificationKey } = await makeArtifactKey(circuit.folder, { source: development, force: true });
      const zkey = await readFile(join(circuit.folder, 'circuit.zkey'));
      const { h } = readZkey(zkey);
      h.subarray(64, 128).set(h.slice(0, 64)); // replaces a point of H by another
      const broken = await mkdtemp(join(folder.path, 'broken-'));
      await writeFile(join(broken, 'circuit.zkey'), zkey);
      const check = withTrialProver(broken, verificationKey, backend, (prover) =>
        checkSetupBehaviour(zkey, verificationKey, circuit.witness, { count: 1, prover }),
      );
      await expect(check).rejects.toMatchObject({ code: 'QP5023' });
    },
  );
});

describe.runIf(ALL_BACKENDS.some(({ name }) => name === 'native'))('the trial by one equation', () => {
  /** Whether several witnesses pass, with a key of which this part was changed; one of them has another value than 0. */
  async function passes(
    change: (zkey: Zkey, wire: number) => void,
    spoil = (witness: Uint8Array) => witness,
  ) {
    const { verificationKey } = await makeArtifactKey(circuit.folder, { source: development, force: true });
    const file = await readFile(join(circuit.folder, 'circuit.zkey'));
    const zkey = readZkey(file);
    const witnesses = await Promise.all([0, 1, 2].map((i) => circuit.witness(i)));
    // The first private wire is an input, which all three queries have.
    change(zkey, zkey.nPublic + 1);
    const broken = await mkdtemp(join(folder.path, 'trial-'));
    await writeFile(join(broken, 'circuit.zkey'), file);
    return withTrialProver(broken, verificationKey, 'native', async (prover) =>
      prover!.provesAll!([...witnesses.slice(0, 2), spoil(witnesses[2]!.slice())]),
    );
  }

  it('holds for a sound key, and not for a witness that breaks a constraint', async () => {
    expect(await passes(() => {})).toBe(true);
    const changed = (witness: Uint8Array) => {
      witness[witness.length - 32]! ^= 1;
      return witness;
    };
    expect(await passes(() => {}, changed)).toBe(false);
  });

  it.each(['a', 'b1', 'b2', 'c', 'h'] as const)('fails where one point of %s is another', async (part) => {
    const held = await passes((zkey, wire) => {
      const points = zkey[part];
      const size = part === 'b2' ? 128 : 64;
      const point = (i: number) => points.subarray(i * size, (i + 1) * size);
      const count = points.length / size;
      const from = part === 'c' ? 0 : part === 'h' ? 1 : wire;
      const isUsed = (i: number) => point(i).some((byte) => byte !== 0);
      const used = Array.from({ length: count - from }, (_, i) => from + i).filter(isUsed);
      const [one, ...others] = used;
      const other = others.find((i) => !Buffer.from(point(i)).equals(point(one!)));
      point(one!).set(other === undefined ? zkey.ic.subarray(0, size) : point(other));
    });
    expect(held).toBe(false);
  });
});

describe('setup --ptau, contribute, setup --import', () => {
  it('awaits a contribution, then is ready', async () => {
    const { folder: artifact, witness } = await compileSmall(folder.path);
    const first = await makeArtifactKey(artifact, {
      source: { kind: 'ptau', file: ptau },
      witnesses: witness,
    });
    expect(first.state).toBe('awaiting contribution');
    expect(first.record).toMatchObject({
      kind: 'ceremony',
      ptau: { name: 'unrecognised', blake2b: expect.stringMatching(/^[0-9a-f]{128}$/) },
      contributions: [],
    });

    const done = await contributeTo(artifact, { name: 'Ada' });
    const setup = JSON.parse(await readFile(join(artifact, 'setup.json'), 'utf8'));
    expect(setup).toEqual({ state: 'ready', record: done.record });
    expect(done.record?.contributions).toEqual([done.contribution]);
    const keptSetup = JSON.parse(await readFile(join(artifact, done.kept!, 'setup.json'), 'utf8'));
    expect(keptSetup.state).toBe('awaiting contribution');
    expect(done.contribution).toMatchObject({ name: 'Ada', kind: 'contribution' });

    const zkey = await readFile(join(artifact, 'circuit.zkey'));
    const { witnesses } = await checkSetupBehaviour(zkey, done.verificationKey, witness, { count: 2 });
    expect(witnesses).toBe(2);
    const [r1cs, phase1] = [await readFile(join(artifact, 'circuit.r1cs')), await readFile(ptau)];
    const verified = await withCurve(() => zKey.verifyFromR1cs(r1cs, phase1, zkey));
    expect(verified).toBe(true);
  });

  it('gives contributions the hash that snarkjs prints', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    const before = await readFile(join(artifact, 'circuit.zkey'));
    const target = { type: 'mem' as const, data: new Uint8Array() };
    const hash = await withCurve(() => zKey.contribute(before, target, 'Grace', 'some entropy'));
    const elsewhere = join(folder.path, 'grace.zkey');
    await writeFile(elsewhere, target.data);
    const { record, state, notes } = await makeArtifactKey(artifact, {
      source: { kind: 'import', file: elsewhere },
    });
    expect(state).toBe('ready');
    expect(notes).toEqual(['Not tested with witnesses']);
    const expected = { name: 'Grace', hash: Buffer.from(hash).toString('hex'), kind: 'contribution' };
    const transcript = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(record).toEqual({
      kind: 'ceremony',
      ptau: expect.anything(),
      contributions: [expected],
      transcript,
    });
  });

  it('still awaits a contribution if only a beacon was added elsewhere', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    const before = await readFile(join(artifact, 'circuit.zkey'));
    const target = { type: 'mem' as const, data: new Uint8Array() };
    await withCurve(() => zKey.beacon(before, target, 'beacon', '00112233', 10));
    const elsewhere = join(folder.path, 'beacon.zkey');
    await writeFile(elsewhere, target.data);
    const { record, state } = await makeArtifactKey(artifact, {
      source: { kind: 'import', file: elsewhere },
    });
    expect(state).toBe('awaiting contribution');
    expect(record).toMatchObject({ contributions: [{ name: 'beacon', kind: 'beacon' }] });
  });

  it('contributes to a bare key, which can be imported against the phase-1 file', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    const bare = join(folder.path, 'bare.zkey');
    await copyFile(join(artifact, 'circuit.zkey'), bare);
    const one = await contributeTo(bare, { name: 'one' });
    const two = await contributeTo(bare, { name: 'two', out: join(folder.path, 'two.zkey') });
    expect(one.zkeyFile).toBe(bare);

    const { folder: fresh, witness } = await compileSmall(folder.path);
    const source = { kind: 'import', file: two.zkeyFile, ptau } as const;
    const result = await makeArtifactKey(fresh, { source, witnesses: witness, behaviour: { count: 1 } });
    expect(result.record).toMatchObject({ contributions: [one.contribution, two.contribution] });
    expect(result.notes).toEqual(['1 random witnesses proved and verified: tested, not proved']);
    const without = await makeArtifactKey((await compileSmall(folder.path)).folder, {
      source: { kind: 'import', file: two.zkeyFile },
    });
    expect(without.notes[0]).toMatch(/not compared with its ceremony/);
    expect(without.record).not.toHaveProperty('ptau');
  });

  it('checks a key against a circuit and a phase 1 before it contributes, and says only then that it did', async () => {
    const { folder: artifact, r1csPath } = await compileSmall(folder.path);
    const { circuitId, record } = await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    const bare = join(folder.path, 'checked.zkey');
    await copyFile(join(artifact, 'circuit.zkey'), bare);
    const { checked } = await contributeTo(bare, { check: { r1cs: r1csPath, ptau } });
    expect(checked).toEqual({ circuitId, phase1: record.kind === 'ceremony' && record.ptau });
    expect(await contributeTo(bare)).not.toHaveProperty('checked');

    const before = await readFile(bare);
    const { r1csPath: other } = await compileSmall(folder.path, OTHER_C);
    const foreign = contributeTo(bare, { check: { r1cs: other, ptau } });
    await expect(foreign).rejects.toMatchObject({ code: 'QP5021' });
    await expect(contributeTo(bare, { check: { ptau } })).rejects.toMatchObject({ code: 'QP1001' });
    expect(await readFile(bare)).toEqual(before);
    // An artifact has its own circuit.
    expect((await contributeTo(artifact, { check: { ptau } })).checked).toEqual(checked);
  });

  it('refuses keys of other circuits, other ceremonies and development', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    const importing = (file: string) => makeArtifactKey(artifact, { source: { kind: 'import', file } });

    for (const [source, message] of [
      [OTHER_A, 'its coefficients differ'],
      [OTHER_C, "does not continue this artifact's ceremony"],
    ] as const) {
      const other = await compileSmall(folder.path, source);
      await makeArtifactKey(other.folder, { source: { kind: 'ptau', file: ptau } });
      await contributeTo(other.folder);
      await expect(importing(join(other.folder, 'circuit.zkey'))).rejects.toMatchObject({
        code: 'QP5021',
        message: expect.stringContaining(message),
      });
    }

    const elsewhere = await compileSmall(folder.path);
    const secondPtau = await makePtau(await mkdtemp(join(folder.path, 'ptau-')), 5);
    await makeArtifactKey(elsewhere.folder, { source: { kind: 'ptau', file: secondPtau } });
    await contributeTo(elsewhere.folder);
    await expect(importing(join(elsewhere.folder, 'circuit.zkey'))).rejects.toMatchObject({
      code: 'QP5021',
      message: expect.stringContaining("does not continue this artifact's ceremony"),
    });

    await makeArtifactKey(circuit.folder, { source: development, force: true });
    await expect(importing(join(circuit.folder, 'circuit.zkey'))).rejects.toMatchObject({ code: 'QP5032' });
    await expect(contributeTo(circuit.folder)).rejects.toMatchObject({ code: 'QP5032' });
    await expect(contributeTo(join(circuit.folder, 'circuit.zkey'))).rejects.toMatchObject({
      code: 'QP5032',
    });
    // The artifact still has its old key.
    expect(JSON.parse(await readFile(join(artifact, 'setup.json'), 'utf8')).state).toBe(
      'awaiting contribution',
    );
  });

  it('refuses a contribution with an invalid name, or to a missing key', async () => {
    const { folder: artifact } = await compileSmall(folder.path);
    await expect(contributeTo(artifact)).rejects.toMatchObject({ code: 'QP5031' });
    await makeArtifactKey(artifact, { source: { kind: 'ptau', file: ptau } });
    for (const name of ['', 'x'.repeat(65), 'a\nb']) {
      await expect(contributeTo(artifact, { name })).rejects.toMatchObject({ code: 'QP5034' });
    }
    await expect(contributeTo(join(artifact, 'missing.zkey'))).rejects.toMatchObject({ code: 'QP1002' });
  });
});
