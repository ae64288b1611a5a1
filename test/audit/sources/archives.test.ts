import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Refusal } from '@quietproof/verify';
import { afterAll, describe, expect, it } from 'vitest';
import { writeArchive } from '#dist/export/archive/write-archive.js';
import { openSource } from '../../../src/audit/sources/open-source.ts';
import { renamedIn, renamedTar, TAR_END, tarEntry, tarGzOf, tarOf, zipOf } from '../support/archives.ts';
import { numbered } from '../support/audit-of.ts';

const root = mkdtempSync(path.join(tmpdir(), 'audit-sources-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

function written(content: Uint8Array): string {
  count += 1;
  const file = path.join(root, `${count}`);
  writeFileSync(file, content);
  return file;
}

/** What a source has, in a line each: path, and content or code. */
async function linesOf(given: string): Promise<string[]> {
  const source = await openSource(given);
  const lines: string[] = [];
  try {
    for await (const entry of source.entries()) {
      const content = await entry.read();
      const words =
        content instanceof Refusal ? `${content.code} ${content.where}` : Buffer.from(content).toString();
      lines.push(`${entry.path}: ${words}${entry.isRecord ? '' : ' (no record)'}`);
    }
  } finally {
    await source.close();
  }
  return lines;
}

const FILES = {
  'b/000001.proof.json': 'one',
  'a.proof.json': 'two',
  'b/private/000001.opening.json': 'opening',
  'b/private/x.proof.json': 'no record',
  'b/model.json': 'model',
  '.hidden/x.proof.json': 'hidden',
  'notes.txt': 'notes',
  'log/checkpoint': 'checkpoint',
  'log/tile/0/000.p/3': 'tile',
};

describe.each([
  ['zip', (files: Record<string, string>) => zipOf(files)],
  ['zip, stored', (files: Record<string, string>) => zipOf(files, { compress: false })],
  ['tar', async (files: Record<string, string>) => tarOf(files)],
  ['tar.gz', async (files: Record<string, string>) => tarGzOf(files)],
] as const)('%s', (_, make) => {
  it('is read in place: records in its order, and what stands beside them', async () => {
    const source = await openSource(written(await make(FILES)));
    const paths: string[] = [];
    for await (const { path: found, read } of source.entries()) {
      paths.push(`${found} ${Buffer.from((await read()) as Uint8Array)}`);
      // Known although it stands behind the record.
      expect(Buffer.from((await source.file('b/model.json')) as Uint8Array).toString()).toBe('model');
    }
    expect(paths).toEqual(['b/000001.proof.json one', 'a.proof.json two']);
    expect(source.kind).toBe('archive');
    expect(source.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(source.evidence.checkpoints).toEqual(['log/checkpoint']);
    const beside = [
      'b/private/000001.opening.json',
      'log/tile/0/000.p/3',
      'notes.txt',
      'b/private/x.proof.json',
    ];
    const read = await Promise.all(beside.map((one) => source.file(one)));
    expect(read.map((one) => one && Buffer.from(one as Uint8Array).toString())).toEqual([
      'opening',
      'tile',
      undefined,
      undefined,
    ]);
    await source.close();
  });

  it('with a path that leads out of it, or is there twice, is read without that file', async () => {
    const whole = await make({ 'x.proof.json': 'x', 'y.proof.json': 'y', 'zzzz.proof.json': 'z' });
    const change = (from: string, to: string) => {
      const raw = whole[0] === 0x1f ? gunzipSync(whole) : whole;
      const changed = raw[0] === 0x50 ? renamedIn(raw, from, to) : renamedTar(raw, from, to);
      return whole[0] === 0x1f ? gzipSync(changed) : changed;
    };
    const out = await linesOf(written(change('zzzz.proof.json', '../z.proof.json')));
    expect(out).toEqual([
      'x.proof.json: x',
      'y.proof.json: y',
      '../z.proof.json: QP7014 ../z.proof.json: its path leads out of the archive',
    ]);
    const twice = await linesOf(written(change('y.proof.json', 'x.proof.json')));
    expect(twice[1]).toContain('QP7014 x.proof.json: a file before it has its path');
  });

  it('that unpacks to more than any record is not unpacked further', async () => {
    const lines = await linesOf(
      written(await make({ 'x.proof.json': ' '.repeat(5_000_000), 'y.proof.json': 'y' })),
    );
    expect(lines[0]).toContain('QP7002');
    expect(lines[1]).toBe('y.proof.json: y');
  });

  it('in which there is an archive names it, and does not open it', async () => {
    const lines = await linesOf(written(await make({ 'more/x.tar.gz': 'x', 'x.proof.json': 'x' })));
    expect(lines).toEqual([
      'more/x.tar.gz: QP7013 more/x.tar.gz: an archive in a source, not opened (no record)',
      'x.proof.json: x',
    ]);
  });

  it('that is cut off gives what is whole, and says that it ends', async () => {
    const whole = await make({ 'x.proof.json': 'x'.repeat(600), 'y.proof.json': 'y'.repeat(600) });
    const isZip = whole[0] === 0x50;
    const cut = written(whole.subarray(0, isZip ? whole.length - 30 : Math.ceil(whole.length / 2)));
    if (isZip) await expect(openSource(cut)).rejects.toMatchObject({ code: 'QP6604' });
    else expect((await linesOf(cut)).at(-1)).toMatch(/^\.: QP7014 .*\(no record\)$/);
  });
});

describe('zip', () => {
  it('with links, encrypted and damaged files names each', async () => {
    const files = { 'a.proof.json': 'target', 'b.proof.json': 'bbbb', 'c.proof.json': 'cccc' };
    const whole = await zipOf(files, { compress: false, modes: { 'a.proof.json': 0o120777 } });
    const damaged = renamedIn(whole, 'bbbb', 'bbbx');
    // Bit 0 of the flags, in the directory: encrypted.
    const at = damaged.lastIndexOf('c.proof.json') - 46;
    damaged[at + 8] = damaged[at + 8]! | 1;
    expect(await linesOf(written(damaged))).toEqual([
      'a.proof.json: QP7013 a.proof.json: a link, not followed',
      'b.proof.json: QP7014 b.proof.json: it is not what its checksum is of',
      'c.proof.json: QP7014 c.proof.json: it is encrypted',
    ]);
  });

  it('whose files share their data is not read on', async () => {
    const whole = await zipOf({ 'x.proof.json': 'x'.repeat(3000) }, { compress: false });
    const start = whole.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
    const end = whole.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
    const [data, directory, tail] = [
      whole.subarray(0, start),
      whole.subarray(start, end),
      Buffer.from(whole.subarray(end)),
    ];
    const entries = ['x', 'y', 'z'].map((name) => renamedIn(directory, 'x.proof.json', `${name}.proof.json`));
    tail.writeUInt16LE(3, 8);
    tail.writeUInt16LE(3, 10);
    tail.writeUInt32LE(3 * directory.length, 12);
    const lines = await linesOf(written(Buffer.concat([data, ...entries, tail])));
    expect(lines.at(-1)).toContain('the data of its files overlap');
    expect(lines.length).toBeLessThan(3);
  });
});

describe('tar', () => {
  it('with links, pipes and long names', async () => {
    const long = `${'folder/'.repeat(30)}x.proof.json`;
    const pax = `path=p${'/q'.repeat(60)}/y.proof.json\n`;
    const length = pax.length + 4;
    const archive = Buffer.concat([
      tarEntry('a.proof.json', '', '2'),
      tarEntry('b.proof.json', '', '6'),
      tarEntry('././@LongLink', `${long}\0`, 'L'),
      tarEntry('cut', 'long', '0'),
      tarEntry('pax', `${length} ${pax}`, 'x'),
      tarEntry('cut', 'pax', '0'),
      TAR_END,
    ]);
    expect(await linesOf(written(archive))).toEqual([
      'a.proof.json: QP7013 a.proof.json: a link, not followed',
      'b.proof.json: QP7013 b.proof.json: a named pipe',
      `${long}: long`,
      `p${'/q'.repeat(60)}/y.proof.json: pax`,
    ]);
  });

  it.each([
    ['without an end', Buffer.concat([tarEntry('a.proof.json', 'a')])],
    [
      'with a damaged header',
      Buffer.concat([tarEntry('a.proof.json', 'a'), tarEntry('b', 'b').fill('x', 0, 9), TAR_END]),
    ],
    [
      'with a damaged extended header',
      Buffer.concat([tarEntry('a.proof.json', 'a'), tarEntry('b', '9 path\n', 'x'), TAR_END]),
    ],
  ])('%s says so', async (_, archive) => {
    const lines = await linesOf(written(archive));
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^\.: QP7014/);
  });

  it('in gzip whose checksum is wrong says so', async () => {
    const packed = tarGzOf({ 'a.proof.json': 'a' });
    packed[packed.length - 8] = packed[packed.length - 8]! ^ 1;
    expect((await linesOf(written(packed))).at(-1)).toMatch(/^\.: QP7014/);
  });
});

it.each(['', 'text', '{}'])('%j is no source', async (content) => {
  await expect(openSource(written(Buffer.from(content)))).rejects.toMatchObject({ code: 'QP6602' });
});

describe('an archive with a manifest of ours', () => {
  const files = { 'records/a.proof.json': 'a', 'tools/SPEC.md': 'spec' };
  const manifestOf = (listed: Record<string, string>) =>
    JSON.stringify({
      version: 'quietproof/archive/v1',
      files: Object.entries(listed).map(([name, content]) => ({
        path: name,
        bytes: content.length,
        sha256: createHash('sha256').update(content).digest('hex'),
      })),
      records: { bundles: 1, models: [], notValid: [] },
      leftOut: [],
    });
  const linesWith = async (there: Record<string, string>, manifest = manifestOf(files)) => {
    const archives = [
      await zipOf({ ...there, 'manifest.json': manifest }),
      tarGzOf({ ...there, 'manifest.json': manifest }),
    ];
    const [zip, packed] = await Promise.all(archives.map((one) => linesOf(written(one))));
    expect(packed).toEqual(zip);
    const tar = await linesOf(written(tarOf({ ...there, 'manifest.json': manifest })));
    expect(tar).toEqual(zip);
    return zip!.slice(1);
  };

  it('is compared with it, file by file and both ways', async () => {
    expect(await linesWith(files)).toEqual([]);
    expect(await linesWith({ ...files, 'tools/SPEC.md': 'Spec' })).toEqual([
      'tools/SPEC.md: QP7014 tools/SPEC.md: is not the file of the manifest (no record)',
    ]);
    expect(await linesWith({ 'records/a.proof.json': 'b', 'tools/more.py': 'x' })).toEqual([
      expect.stringContaining('records/a.proof.json: is not the file of the manifest'),
      expect.stringContaining('tools/SPEC.md: is in the manifest, and missing'),
      expect.stringContaining('tools/more.py: is not in the manifest'),
    ]);
  });

  it('that cannot be read says so; one of somebody else is none', async () => {
    const damaged = manifestOf(files).replace('"bytes":1', '"bytes":"1"');
    expect(await linesWith(files, damaged)).toEqual([
      expect.stringContaining('manifest.json: cannot be read'),
    ]);
    expect(await linesWith(files, '{"name":"an app"}')).toEqual([]);
    expect(await linesWith(files, 'no json')).toEqual([]);
  });

  it('is what the command writes', async () => {
    const [folder, zip] = [path.join(root, 'proofs'), path.join(root, 'real.zip')];
    mkdirSync(folder);
    for (const [name, content] of Object.entries(numbered(['label-a'])))
      writeFileSync(path.join(folder, name), content);
    await writeArchive(folder, zip);
    const source = await openSource(zip);
    expect(await source.count?.()).toBe(1);
    const paths: string[] = [];
    for await (const entry of source.entries()) paths.push(entry.path);
    await source.close();
    expect([source.hasManifest, paths]).toEqual([true, ['records/000000.proof.json']]);
    const changed = renamedIn(readFileSync(zip), 'HOW TO CHECK', 'HOW NO CHECK');
    expect((await linesOf(written(changed))).at(-1)).toContain(
      'HOW-TO-CHECK.txt: is not the file of the manifest',
    );
  });
});
