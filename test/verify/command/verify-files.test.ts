import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileJson, MAX_SIZE } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assembleBundle } from '../../../src/bundle/assemble-bundle.ts';
import { writeBundle, writeModelRecord } from '../../../src/bundle/batch-folder.ts';
import { bundlePath } from '../../../src/bundle/batch-names.ts';
import { findBundles } from '../../../src/verify/command/find-bundles.ts';
import { expectedModel, ModelRecords, modelIdOf } from '../../../src/verify/command/model-records.ts';
import { interfaceOf, readItem, verifyFiles } from '../../../src/verify/command/verify-files.ts';
import { digestFixture, digestRecord, publicBundle, publicRecord } from '../support/corpus.ts';

const model = digestRecord();
let root: string;
const proofs = () => path.join(root, 'proofs');
const packed = () => path.join(root, 'packed.proof.json');

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verify-files-'));
  await mkdir(proofs());
  await writeModelRecord(path.join(proofs(), 'model.json'), model);
  for (const index of [0, 1]) {
    const bundle = assembleBundle(model, { ...digestFixture.proofs[index]!, row: { index } });
    await writeBundle(bundlePath(proofs(), index), bundle);
  }
  await writeBundle(packed(), publicBundle());
});
afterAll(() => rm(root, { recursive: true }));

async function all(...args: Parameters<typeof verifyFiles>) {
  const found = [];
  for await (const verdict of verifyFiles(...args)) found.push(verdict);
  return found;
}

describe('verifyFiles', () => {
  it('verifies folders of thin bundles and packed ones, in the order given', async () => {
    const found = await all([packed(), proofs()], { anyModel: true });
    expect(found.map(({ file }) => path.relative(root, file))).toEqual([
      'packed.proof.json',
      path.join('proofs', '000000.proof.json'),
      path.join('proofs', '000001.proof.json'),
    ]);
    expect(found.every(({ verdict }) => verdict.accepted)).toBe(true);
  });

  it('pins a model', async () => {
    const found = await all([packed(), proofs()], { model: model.ids.modelId });
    expect(found.map(({ verdict }) => verdict.accepted)).toEqual([false, true, true]);
    expect(found[0]!.verdict.code).toBe('QP7601');
  });

  it('cannot check a thin bundle without its model.json', async () => {
    const alone = path.join(root, 'alone.proof.json');
    await writeFile(alone, await readFile(bundlePath(proofs(), 0)));
    const [found] = await all([alone]);
    expect(found!.verdict).toMatchObject({ outcome: 'incomplete', code: 'QP7101' });
  });

  it('gives a verdict on each bundle next to a damaged model.json', async () => {
    const damaged = path.join(root, 'damaged');
    await mkdir(damaged);
    await writeFile(path.join(damaged, 'model.json'), '{}');
    await writeFile(path.join(damaged, '000000.proof.json'), await readFile(bundlePath(proofs(), 0)));
    const [found] = await all([damaged]);
    expect(found!.verdict).toMatchObject({ valid: false, code: 'QP7006' });
  });

  it('refuses a huge file without reading all of it', async () => {
    const huge = path.join(root, 'huge.proof.json');
    await writeFile(huge, Buffer.alloc(8 * MAX_SIZE, ' '));
    expect((await all([huge]))[0]!.verdict).toMatchObject({ valid: false, code: 'QP7002' });
  });
});

describe('findBundles', () => {
  it('refuses a folder without bundles', async () => {
    const empty = path.join(root, 'empty');
    await mkdir(empty);
    await expect(findBundles([empty])).rejects.toMatchObject({ code: 'QP1002', where: empty });
  });
});

describe('modelIdOf', () => {
  it('accepts an id, a folder or a model.json', async () => {
    const id = model.ids.modelId;
    expect(await modelIdOf(id.toUpperCase())).toBe(id);
    expect(await modelIdOf(proofs())).toBe(id);
    expect(await modelIdOf(path.join(proofs(), 'model.json'))).toBe(id);
  });

  it('refuses part of an id, which would pin nothing', async () => {
    await expect(modelIdOf(model.ids.modelId.slice(0, 40))).rejects.toMatchObject({ code: 'QP1003' });
  });

  it('refuses a record that no verifier accepts', async () => {
    const file = path.join(root, 'forged.json');
    const text = await readFile(path.join(proofs(), 'model.json'), 'utf8');
    await writeFile(file, text.replace(model.ids.modelId, '0'.repeat(64)));
    await expect(modelIdOf(file)).rejects.toMatchObject({ code: 'QP7104' });
  });
});

describe('interfaceOf', () => {
  it('finds it in the bundle or next to it, or not at all', async () => {
    const read = async (file: string) =>
      interfaceOf(await readItem({ file, named: true }, new ModelRecords()));
    expect((await read(packed()))?.name).toBe(publicRecord().interface.name);
    expect((await read(bundlePath(proofs(), 0)))?.name).toBe(model.interface.name);
    await writeFile(path.join(root, 'junk.proof.json'), 'junk');
    expect(await read(path.join(root, 'junk.proof.json'))).toBeUndefined();
  });
});

describe('ModelRecords', () => {
  it('prepares a record once, where the bundles lie beside the one that is expected', async () => {
    const expected = await expectedModel(proofs());
    const of = (file: string) => new ModelRecords(undefined, [expected]).of(file, new Uint8Array());
    expect(await of(bundlePath(proofs(), 0))).toBe(expected.record);
    const elsewhere = path.join(root, 'elsewhere');
    await mkdir(elsewhere);
    await writeModelRecord(path.join(elsewhere, 'model.json'), publicRecord());
    const other = await of(bundlePath(elsewhere, 0));
    expect(other).not.toBe(expected.record);
    expect(other).toMatchObject({ ids: publicRecord().ids });
  });

  it('prepares a record once for all folders that have its bytes, and none that it refuses', async () => {
    const text = Buffer.from(fileJson(publicRecord()));
    const damaged = text.subarray(1);
    const read = async (file: string) => Buffer.from(file.startsWith('bad') ? damaged : text);
    const records = new ModelRecords(undefined, [], read);
    const of = (folder: string) => records.of(`${folder}/000000.proof.json`, new Uint8Array());
    const first = await of('first');
    expect(first).toMatchObject({ ids: publicRecord().ids });
    expect(await of('second')).toBe(first);
    expect(await of('bad')).toEqual(damaged);
  });
});
