import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileJson } from '@quietproof/verify';
import { afterAll, expect, test } from 'vitest';
import { modelId, PROGRAM_NAMES, PROGRAMS, ProofFolder, thin } from '../verify/command/support.ts';
import { digestBundle, publicBundle } from '../verify/support/corpus.ts';

const folder = new ProofFolder();
afterAll(() => rmSync(folder.root, { recursive: true }));

const text = (file: string) => readFileSync(path.join(folder.root, file), 'utf8');
const bundle = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [PROGRAMS.quietproof[0], 'bundle', ...args],
    {
      cwd: folder.root,
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  );
  return { status, stdout, stderr };
};

test('a packed bundle can be mailed alone, and both programs check it', () => {
  const { status, stdout } = bundle('pack', 'proofs/000000.proof.json');
  const packed = path.join('proofs', '000000.packed.json');
  expect([status, stdout]).toEqual([0, expect.stringContaining(packed)]);
  expect(text(packed)).toBe(fileJson(digestBundle()));
  mkdirSync(path.join(folder.root, 'elsewhere'));
  copyFileSync(path.join(folder.root, packed), path.join(folder.root, 'elsewhere/mailed.json'));
  for (const program of PROGRAM_NAMES)
    expect(folder.run(program, ['elsewhere/mailed.json', '--model', modelId]).status).toBe(0);
  // It does not count as another proof of the batch.
  expect(folder.run('quietproof', ['proofs', '--model', modelId]).stdout).toContain('2 proofs: 2 valid');
});

test('a folder is packed into another one, and unpacked to the same bytes', () => {
  expect(bundle('pack', 'proofs')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^QP1001 .*--out/),
  });
  expect(bundle('pack', 'proofs', '--out', 'packed').stdout).toContain('2 packed bundles');
  expect(text('packed/000001.proof.json')).toBe(fileJson(digestBundle(1)));
  expect(bundle('unpack', 'packed', '--out', 'thin').status).toBe(0);
  for (const file of ['model.json', '000000.proof.json', '000001.proof.json'])
    expect(text(`thin/${file}`)).toBe(text(`proofs/${file}`));
  expect(bundle('unpack', 'proofs/000000.packed.json', '--out', 'thin')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^QP1004 /),
  });
  expect(bundle('unpack', 'proofs/000000.packed.json', '--out', 'thin', '--force').status).toBe(0);
});

test('what is there is not replaced, and a packed bundle is copied', () => {
  folder.put('own/a.proof.json', thin(0));
  folder.put('own/model.json', digestBundle().model);
  expect(bundle('pack', 'own/a.proof.json', '--out', 'own/b.json').status).toBe(0);
  expect(bundle('pack', 'own/a.proof.json', '--out', 'own/b.json').stderr).toMatch(/^QP1004 /);
  expect(bundle('pack', 'own/a.proof.json', '--out', 'own/b.json', '--force').status).toBe(0);
  expect(bundle('pack', 'own/a.proof.json', '--out', 'own/a.proof.json', '--force').stderr).toMatch(
    /^QP1005 /,
  );
  expect(bundle('pack', 'own/a.proof.json', '--out', 'own/model.json', '--force').stderr).toMatch(/^QP1005 /);
  expect(bundle('pack', 'packed.proof.json', '--out', 'own/c.json').stdout).toContain(
    'had the record already',
  );
  expect(text('own/c.json')).toBe(text('packed.proof.json'));
});

test('the record must be given, and be the one that the bundle names', () => {
  const alone = 'lone/000000.proof.json';
  expect(bundle('pack', alone)).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^QP7101 .*--companion/),
  });
  expect(spawnSync('mkfifo', [path.join(folder.root, 'lone/model.json')]).status).toBe(0);
  expect(bundle('pack', alone)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^QP7101 /) });
  folder.put('other.json', publicBundle().model);
  expect(bundle('pack', alone, '--companion', 'other.json').stderr).toMatch(/^QP7902 /);
  expect(readdirSync(path.join(folder.root, 'lone')).sort()).toEqual(['000000.proof.json', 'model.json']);
  expect(bundle('pack', alone, '--companion', 'proofs/model.json', '--out', 'lone.json').status).toBe(0);
});

test('only packed bundles of one model are unpacked', () => {
  expect(bundle('unpack', 'proofs/000000.proof.json', '--out', 'none').stderr).toMatch(/^QP7015 /);
  expect(bundle('unpack', 'packed.proof.json', 'public.proof.json', '--out', 'mixed').stderr).toMatch(
    /^QP7902 /,
  );
  expect(bundle('unpack', 'junk.proof.json', '--out', 'none').stderr).toMatch(/^QP7001 /);
  expect(existsSync(path.join(folder.root, 'none/model.json'))).toBe(false);
});

test('bundle alone prints its help', () => {
  expect(bundle('pack', '--help').stdout).toContain('$ quietproof bundle pack');
  expect(bundle('--help').stdout).toMatch(/pack .*\n.*unpack/s);
  expect(bundle('pakc', 'x')).toMatchObject({ status: 2, stderr: expect.stringContaining('QP1001') });
});
