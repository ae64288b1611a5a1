import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../cli/support/run-cli.ts';

const VECTORS = path.resolve('test/vectors/bundles-v2/bases');
const THIN = path.resolve('test/fixtures/artifact-0.1/proofs');
const LINKS = process.platform !== 'win32';
let root: string;
const at = (...parts: string[]) => path.join(root, ...parts);
const archive = (...words: string[]) => runCli(['archive', ...words, '--json'], root);
const sha256 = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

/** As an auditor would: with Python alone, in an empty folder. */
async function unpacked(zip: string, folder: string): Promise<string> {
  await mkdir(at(folder));
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', zip, at(folder)], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return at(folder);
}

function check(folder: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync('python3', ['tools/python/check_archive.py', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'archive-'));
  await cp(THIN, at('proofs', 'january'), { recursive: true });
  await cp(path.join(VECTORS, 'label-a.proof.json'), at('proofs', 'february', '000000.proof.json'));
  await mkdir(at('proofs', 'february', 'private'));
  await cp(path.join(VECTORS, 'label-a.opening.json'), at('proofs/february/private/000000.opening.json'));
  await writeFile(at('proofs', 'notes.txt'), 'not evidence');
  await writeFile(at('proofs', '.hidden'), 'not looked at');
  if (LINKS) {
    await symlink('..', at('proofs', 'loop'));
    expect(spawnSync('mkfifo', [at('proofs', '000009.proof.json')]).status).toBe(0);
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

// In order: later tests change what earlier ones unpacked.
describe('an archive', () => {
  it('contains the evidence and what checks it, and says what is not in it', async () => {
    const { code, stdout } = await archive('proofs', '--out', 'a.zip');
    expect(code).toBe(0);
    const { records, leftOut } = JSON.parse(stdout);
    expect(records).toMatchObject({ bundles: 2, notValid: [] });
    expect(records.models.map(({ bundles }: { bundles: number }) => bundles)).toEqual([1, 1]);
    expect(leftOut.map(({ path }: { path: string }) => path)).toEqual([
      ...(LINKS ? ['000009.proof.json'] : []),
      'february/private/000000.opening.json',
      ...(LINKS ? ['loop'] : []),
      'notes.txt',
    ]);
  });

  it('has the same bytes each time', async () => {
    await archive('proofs', '--out', 'again.zip');
    expect(await sha256(at('again.zip'))).toBe(await sha256(at('a.zip')));
  });

  it('is checked by Python alone', async () => {
    const folder = await unpacked(at('a.zip'), 'a');
    const { status, lines, stderr } = check(folder);
    expect(stderr).toBe('');
    expect(lines[0]).toMatch(/^\d+ files, 2 bundles, 2 of them valid, 0 faults$/);
    expect(lines).toHaveLength(3);
    expect(status).toBe(0);
    expect(await readFile(path.join(folder, 'HOW-TO-CHECK.txt'), 'utf8')).toContain(lines[1]!.slice(6, 70));
  });

  it('shows a changed, a missing and an added file, and another model', async () => {
    const model = check(at('a')).lines[1]!.slice(6, 70);
    expect(check(at('a'), '--model', model)).toMatchObject({
      status: 1,
      lines: [expect.stringMatching(/^WRONG .*of another model/), expect.anything(), `model ${model}: 1`],
    });
    await appendFile(at('a', 'tools', 'SPEC.md'), ' ');
    await rm(at('a', 'tools', 'trust.schema.json'));
    await cp(path.join(VECTORS, 'label-b.proof.json'), at('a/records/000001.proof.json'));
    const { status, lines } = check(at('a'));
    expect(status).toBe(1);
    expect(lines.filter((line) => line.startsWith('WRONG')).join('\n')).toMatch(
      /SPEC\.md: its digest[\s\S]*trust\.schema\.json: No such file[\s\S]*000001\.proof\.json: the manifest/,
    );
  });

  it('holds openings on request, and bundles that are not valid, which it names', async () => {
    const bundle = await readFile(path.join(VECTORS, 'label-b.proof.json'), 'utf8');
    const changed = JSON.parse(bundle);
    changed.proof.pi_a = changed.proof.pi_c;
    await writeFile(at('proofs/february/000001.proof.json'), `${JSON.stringify(changed, null, 2)}\n`);
    const { code, stdout } = await archive('proofs', '--out', 'b.zip', '--openings');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).records.notValid).toEqual([
      { path: 'february/000001.proof.json', why: expect.any(String) },
    ]);
    const folder = await unpacked(at('b.zip'), 'b');
    expect(await readFile(path.join(folder, 'records/february/private/000000.opening.json'))).toBeDefined();
    const { status, lines } = check(folder);
    expect(status).toBe(1);
    expect(lines[0]).toMatch(/^WRONG records\/february\/000001\.proof\.json: invalid/);
    expect(lines[1]).toContain('3 bundles, 2 of them valid, 1 fault');
  });

  it('replaces nothing, and needs a bundle', async () => {
    expect(await archive('proofs', '--out', 'a.zip')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('QP1004'),
    });
    await mkdir(at('empty'));
    expect(await archive('empty')).toMatchObject({ code: 2, stderr: expect.stringContaining('QP1002') });
  });
});
