import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assembleBundle } from '../../src/bundle/assemble-bundle.ts';
import {
  createOpening,
  makePrivateFolder,
  writeBundle,
  writeModelRecord,
} from '../../src/bundle/batch-folder.ts';
import { bundlePath, openingPath } from '../../src/bundle/batch-names.ts';
import { makeOpening } from '../../src/bundle/make-opening.ts';
import type { BatchSubject } from '../../src/prove/batch-subject.ts';
import type { EncodedRow } from '../../src/prove/encode-rows.ts';
import { findModelRecord, findRow } from '../../src/prove/finished-rows.ts';
import { batchInputOf } from '../../src/prove/input-modes/input-modes.ts';
import { GroupCommit } from '../../src/store/group-commit.ts';
import {
  ceremony,
  DIGEST_SALT,
  DIGEST_VALUES,
  digestFixture,
  digestRecord,
  publicFixture,
  publicRecord,
} from '../verify/support/corpus.ts';

const INDEX = 3;
const model = digestRecord();
const row: EncodedRow = { index: INDEX, integers: DIGEST_VALUES };
const opening = makeOpening(model, { index: INDEX, values: DIGEST_VALUES, salt: DIGEST_SALT });
const bundle = assembleBundle(model, { ...digestFixture.proofs[0]!, row: { index: INDEX } });

let subject: BatchSubject;
beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'finished-'));
  subject = { folder, model, context: { callerPart: new Uint8Array(), unique: false } };
});
afterEach(() => rm(subject.folder, { recursive: true }));

const writeOpeningOf = async (found = opening) => {
  await makePrivateFolder(subject.folder);
  await createOpening(new GroupCommit(), openingPath(subject.folder, INDEX), found);
};
const writeBundleOf = (found = bundle) => writeBundle(bundlePath(subject.folder, INDEX), found);

describe('begin', () => {
  it('uses an opening that is there, and draws a salt where there is none', () => {
    const { begin, confirm } = batchInputOf(model);
    expect(begin({ ...row, opening })).toEqual({ salt: DIGEST_SALT, opens: false });
    expect(begin(row)).toMatchObject({ opens: true });
    expect(begin(row).salt).not.toBe(begin(row).salt);
    expect(() => confirm({ ...row, opening }, [opening.digest])).not.toThrow();
    expect(() => confirm({ ...row, opening }, ['1'])).toThrow(/QP6003/);
  });
});

describe('findRow', () => {
  it('finds nothing in an empty folder', async () => {
    expect(await findRow(subject, row)).toEqual({ finished: false });
  });

  it('finds an opening without a bundle, to be reused', async () => {
    await writeOpeningOf();
    expect(await findRow(subject, row)).toEqual({ finished: false, opening });
  });

  it('finds a finished row', async () => {
    await writeOpeningOf();
    await writeBundleOf();
    expect(await findRow(subject, row)).toEqual({ finished: true, opening });
  });

  it('refuses a finished row without its opening', async () => {
    await writeBundleOf();
    await expect(findRow(subject, row)).rejects.toMatchObject({ code: 'QP6204' });
  });

  it('refuses a finished row with other values', async () => {
    await writeOpeningOf();
    await writeBundleOf();
    const other = { index: INDEX, integers: [9, 9, 9, 9] };
    await expect(findRow(subject, other)).rejects.toThrow(/QP6202 .*another row/);
  });

  it('refuses an opening that does not open its bundle', async () => {
    await writeOpeningOf(makeOpening(model, { index: INDEX, values: DIGEST_VALUES, salt: DIGEST_SALT + 1n }));
    await writeBundleOf();
    await expect(findRow(subject, row)).rejects.toMatchObject({ code: 'QP6202' });
  });

  it('refuses another context', async () => {
    await writeOpeningOf();
    await writeBundleOf();
    const callerPart = new TextEncoder().encode('order 8');
    for (const context of [
      { callerPart, unique: false },
      { callerPart: new Uint8Array(), unique: true },
    ]) {
      await expect(findRow({ ...subject, context }, row)).rejects.toThrow(/QP6202 .*another context/);
    }
  });

  it('refuses another model', async () => {
    const other = digestRecord(ceremony);
    await writeBundleOf(assembleBundle(other, { ...digestFixture.proofs[0]!, row: { index: INDEX } }));
    await expect(findRow(subject, row)).rejects.toThrow(/QP6202 .*another model/);
  });

  it('refuses a damaged bundle rather than replacing it', async () => {
    await writeOpeningOf();
    await writeBundleOf();
    await truncate(bundlePath(subject.folder, INDEX), 100);
    await expect(findRow(subject, row)).rejects.toMatchObject({ code: 'QP6202' });
    expect(await readFile(bundlePath(subject.folder, INDEX), 'utf8')).toHaveLength(100);
  });

  it('recognizes a public row by its values', async () => {
    const { publicSignals, proof } = publicFixture.proofs[0]!;
    const open = publicRecord();
    const context = { callerPart: new Uint8Array(), unique: false };
    await writeBundleOf(assembleBundle(open, { proof, publicSignals, row: { index: INDEX } }));
    const integers = publicSignals.slice(2, -1).map(Number);
    const about = { folder: subject.folder, model: open, context };
    expect(await findRow(about, { index: INDEX, integers })).toEqual({ finished: true });
    integers[0]! += 1;
    await expect(findRow(about, { index: INDEX, integers })).rejects.toThrow(/another row/);
  });
});

describe('findModelRecord', () => {
  it('distinguishes a missing record, the same one and another', async () => {
    const file = path.join(subject.folder, 'model.json');
    expect(await findModelRecord(file, model)).toBe(false);
    await writeModelRecord(file, model);
    expect(await findModelRecord(file, model)).toBe(true);
    await expect(findModelRecord(file, digestRecord(ceremony))).rejects.toMatchObject({ code: 'QP6202' });
  });
});
