import { copyFile, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { phase1Name } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import type { KeyPreparer } from '../../src/ceremony/key-preparer.ts';
import { snarkjsPreparer } from '../../src/ceremony/snarkjs-preparer.ts';
import { rootOfUnity, SCALAR_FIELD } from '../../src/field/bn254.ts';
import { PTAU_SECTION, PtauFile } from '../../src/formats/ptau.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { withCurve } from '../../src/key/snarkjs-session.ts';
import { nativeProver } from '../../src/prover/native-binary.ts';
import { nativePreparer } from '../../src/setup/preparer.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let ptau: string;
/** 13 constraints and 3 rows for public wires need a domain of 2^4. */
const bytes = networkLikeR1cs(2, 4, 2, 1);
const r1cs = readR1cs(bytes);

let release: () => Promise<void>;
beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 5);
});
afterAll(async () => {
  await folder.remove();
  await release();
});

async function variant(name: string, edit: (file: Buffer) => void): Promise<string> {
  const file = await readFile(ptau);
  edit(file);
  const path = join(folder.path, `${name}.ptau`);
  await writeFile(path, file);
  return path;
}

/** Offset of a section's contents, found from the start of the file. */
function sectionStart(file: Buffer, id: number): number {
  let at = 12;
  while (file.readUInt32LE(at) !== id) at += 12 + Number(file.readBigUInt64LE(at + 4));
  return at + 12;
}

const native = nativeProver();
const PREPARERS: [name: string, preparer: KeyPreparer][] = [['snarkjs', snarkjsPreparer]];
if (native.state === 'ready') PREPARERS.push(['native', nativePreparer(native.binding)]);

describe.each(PREPARERS)('ceremonySetup with %s', (_, preparer) => {
  const setup = (path: string) => ceremonySetup(r1cs, bytes, path, {}, preparer);

  it('accepts a file of exactly the required power and of a larger one', async () => {
    expect((await setup(ptau)).ptau.name).toBe('unrecognised');
    const exact = await makePtau(folder.path, 4);
    expect((await setup(exact)).zkey.length).toBe((await setup(ptau)).zkey.length);
  });

  it('reports the required power and names a suitable file', async () => {
    const small = await makePtau(folder.path, 3);
    await expect(setup(small)).rejects.toMatchObject({
      code: 'QP5002',
      what: 'The ceremony file has power 3 and the circuit needs 4',
      fix: 'Use a file of power 4 or more, e.g. powersOfTau28_hez_final_08.ptau',
    });
  });

  it('refuses a file that is not prepared', async () => {
    await expect(setup(join(folder.path, 'pot5_2.ptau'))).rejects.toMatchObject({ code: 'QP5003' });
  });

  it('refuses a missing or empty file, another format, and a folder', async () => {
    await expect(setup(join(folder.path, 'none.ptau'))).rejects.toMatchObject({ code: 'QP1002' });
    const empty = join(folder.path, 'empty.ptau');
    await writeFile(empty, '');
    await expect(setup(empty)).rejects.toMatchObject({ code: 'QP5001' });
    const text = join(folder.path, 'text.ptau');
    await writeFile(text, '<html>404 Not Found</html>');
    await expect(setup(text)).rejects.toMatchObject({ code: 'QP5001', what: 'this is not a .ptau file' });
    await expect(setup(folder.path)).rejects.toMatchObject({ code: /QP5001|QP1002/ });
  });

  it('refuses a truncated download', async () => {
    const cut = join(folder.path, 'cut.ptau');
    const { length } = await readFile(ptau);
    for (const size of [11, 12, 20, 60, 1000, length - 1]) {
      await copyFile(ptau, cut);
      await truncate(cut, size);
      await expect(setup(cut), `${size} bytes`).rejects.toMatchObject({ code: 'QP5001' });
    }
  });

  it('refuses another curve and an impossible power', async () => {
    const curve = await variant('curve', (file) =>
      file.fill(7, sectionStart(file, 1) + 4, sectionStart(file, 1) + 36),
    );
    await expect(setup(curve)).rejects.toMatchObject({ code: 'QP5004' });
    const power = await variant('power', (file) => file.writeUInt32LE(60, sectionStart(file, 1) + 36));
    await expect(setup(power)).rejects.toMatchObject({ code: 'QP5001' });
  });

  it.each([
    ['a power of tau', PTAU_SECTION.tauG1, 5 * 64],
    ['the generator', PTAU_SECTION.tauG1, 0],
    ['tau in G2', PTAU_SECTION.tauG2, 128],
    ['alpha', PTAU_SECTION.alphaTauG1, 0],
    ['beta', PTAU_SECTION.betaTauG1, 0],
    ['beta in G2', PTAU_SECTION.betaG2, 0],
    ['a Lagrange point', PTAU_SECTION.lagrangeTauG1, (15 + 3) * 64],
    ['a Lagrange point of the doubled domain', PTAU_SECTION.lagrangeTauG1, (31 + 7) * 64],
    ['a Lagrange point in G2', PTAU_SECTION.lagrangeTauG2, (15 + 2) * 128],
    ['a Lagrange point times alpha', PTAU_SECTION.lagrangeAlphaTauG1, (15 + 9) * 64],
    ['a Lagrange point times beta', PTAU_SECTION.lagrangeBetaTauG1, (15 + 15) * 64],
  ])('detects a wrong point: %s', async (name, section, offset) => {
    const path = await variant(name.replaceAll(' ', '-'), (file) => {
      // Copies another point of the same group, so that only the relation between points is wrong.
      const size = [3, 6, 13].includes(section) ? 128 : 64;
      const other = sectionStart(file, section === 6 ? 3 : section) + (section === 6 ? 256 : offset + size);
      file.copy(file, sectionStart(file, section) + offset, other, other + size);
    });
    await expect(setup(path)).rejects.toMatchObject({ code: 'QP5005' });
  });

  it('detects a basis that fits the powers of tau but for the highest one', async () => {
    // The circuit uses a basis of 16 points and one of 32. Adds ω^j·G to every point of one of them.
    for (const n of [16, 32]) {
      const file = await readFile(ptau);
      await withCurve(async ({ G1 }) => {
        const { toAffine } = G1 as unknown as { toAffine(point: Uint8Array): Uint8Array };
        let shift = 1n;
        for (let j = 0; j < n; j += 1) {
          const at = sectionStart(file, PTAU_SECTION.lagrangeTauG1) + (n - 1 + j) * 64;
          const moved = G1.add(file.subarray(at, at + 64), G1.timesScalar(G1.g, shift));
          file.set(toAffine.call(G1, moved), at);
          shift = (shift * rootOfUnity(Math.log2(n))) % SCALAR_FIELD;
        }
      });
      const path = join(folder.path, `shifted-${n}.ptau`);
      await writeFile(path, file);
      await expect(setup(path), `${n} points`).rejects.toMatchObject({ code: 'QP5005' });
    }
  });

  it('detects a point that is not on the curve', async () => {
    const path = await variant('off-curve', (file) => {
      file[sectionStart(file, PTAU_SECTION.lagrangeTauG1) + 20 * 64]! ^= 1;
    });
    await expect(setup(path)).rejects.toMatchObject({ code: 'QP5005' });
  });
});

describe('PtauFile', () => {
  it('reads the header', async () => {
    const file = await PtauFile.open(ptau);
    expect(file.header).toEqual({ power: 5, ceremonyPower: 5, prepared: true });
    await expect(file.points(PTAU_SECTION.tauG1, 62, 2)).rejects.toThrow(RangeError);
    await file.close();
  });
});

describe('phase1Name', () => {
  it('recognizes published files by their digests', () => {
    const first =
      'd6a8fb3a04feb600096c3b791f936a578c4e664d262e4aa24beed1b7a9a96aa5' +
      'eb72864d628db247e9293384b74b36ffb52ca8d148d6e1b8b51e279fdf57b583';
    expect(phase1Name(first)).toBe('powersOfTau28_hez_final_08.ptau');
    expect(phase1Name(first.replace('d', 'e'))).toBe('unrecognised');
  });

  it("contains all of snarkjs' table", async () => {
    const readme = await readFile(new URL('../../node_modules/snarkjs/README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/\[(powersOfTau28_hez_final\S*\.ptau)\].*\|\s*([0-9a-f]{128})\s*\|/g)];
    expect(rows.length).toBe(21);
    for (const [, name, digest] of rows) expect(phase1Name(digest!)).toBe(name);
  });
});
