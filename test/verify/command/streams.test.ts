import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, rmSync, symlinkSync } from 'node:fs';
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileJson } from '@quietproof/verify';
import { afterAll, describe, expect, test } from 'vitest';
import { digestBundle } from '../support/corpus.ts';
import { modelId, PROGRAM_NAMES, PROGRAMS, type Program, ProofFolder, thin } from './support.ts';

// Named pipes and /dev exist on POSIX systems only.
describe.skipIf(process.platform === 'win32').each(PROGRAM_NAMES)('%s', (program) => {
  const folder = new ProofFolder();
  afterAll(() => rmSync(folder.root, { recursive: true }));
  const at = (name: string) => path.join(folder.root, name);
  const pipe = (name: string) => expect(spawnSync('mkfifo', [at(name)]).status).toBe(0);
  const packed = fileJson(digestBundle());

  test('in a folder, only regular files are read, and everything else is named', async () => {
    folder.put('odd/model.json', await readFile(at('proofs/model.json'), 'utf8'));
    folder.put('odd/000000.proof.json', thin(0));
    pipe('odd/000001.proof.json');
    symlinkSync('000002.proof.json', at('odd/000002.proof.json'));
    symlinkSync('nowhere', at('odd/000003.proof.json'));
    symlinkSync('000000.proof.json', at('odd/000004.proof.json'));
    await mkdir(at('odd/000005.proof.json'));
    symlinkSync('/dev/zero', at('odd/000006.proof.json'));
    const { status, stdout } = folder.run(program, ['odd', '--model', modelId]);
    expect(status).toBe(2);
    const lines = stdout.split('\n');
    const of = (row: number) => lines.find((line) => line.includes(`odd/00000${row}.proof.json  `));
    expect(of(0)).toContain('  valid');
    expect(of(1)).toContain('QP7013 This is not a regular file (odd/000001.proof.json: a named pipe)');
    expect(of(2)).toContain(
      'QP7014 The file cannot be read (odd/000002.proof.json: its symbolic links lead in',
    );
    expect(of(3)).toContain('QP7014 The file cannot be read (odd/000003.proof.json: there is no such file');
    expect(of(4)).toContain('  valid');
    expect(of(5)).toContain('QP7013 This is not a regular file (odd/000005.proof.json: a folder)');
    expect(of(6)).toContain('QP7013 This is not a regular file (odd/000006.proof.json: a device)');
    expect(stdout).toContain('7 proofs: 2 valid, 5 not checked (QP7013: 3, QP7014: 2)');
  });

  test('a model.json that is a named pipe or a loop leaves packed bundles alone', () => {
    for (const [name, make] of [
      ['piped', () => pipe('piped/model.json')],
      ['looped', () => symlinkSync('model.json', at('looped/model.json'))],
    ] as const) {
      folder.put(`${name}/a.proof.json`, packed);
      folder.put(`${name}/b.proof.json`, thin(1));
      make();
      const { status, stdout } = folder.run(program, [name, '--model', modelId]);
      expect(status).toBe(2);
      expect(stdout).toMatch(/✓ \S*a\.proof\.json {2}valid/);
      expect(stdout).toMatch(
        /\? \S*b\.proof\.json {2}Not enough given: QP701[34] .*model\.json: .*\[check: model-record\]/,
      );
    }
  });

  test.each(['-', '/dev/stdin', '/dev/fd/0'])('%s is the standard input', (name) => {
    const { status, stdout } = folder.run(program, [name, '--model', modelId], packed);
    expect([status, stdout]).toEqual([0, expect.stringContaining('Valid for model "digits"')]);
    const thinOne = folder.run(program, [name, '--model', 'proofs'], fileJson(thin(0)));
    expect(thinOne.status).toBe(0);
  });

  test('the standard input twice is wrong use', () => {
    const { status, stderr } = folder.run(program, ['-', '/dev/stdin', '--any-model'], packed);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^QP1001 The standard input can be read only once/),
    ]);
  });

  test("a shell's process substitution, for every file", () => {
    const words = [process.execPath, ...PROGRAMS[program]].map((word) => `'${word}'`).join(' ');
    const script =
      `${words} <(cat lone/000000.proof.json) --companion <(cat proofs/model.json) --model ${modelId} ` +
      '--opening <(cat proofs/private/000000.opening.json)';
    const { status, stdout } = spawnSync('bash', ['-c', script], { cwd: folder.root, encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('Valid for model "digits"')]);
    expect(stdout).not.toContain('input not opened');
  });

  test('the limit is on what is read, whatever size the system reports', () => {
    const { status, stdout } = folder.run(program, ['/dev/zero', '--any-model']);
    expect([status, stdout]).toEqual([1, expect.stringContaining('QP7002')]);
    const endless = spawnSync(
      'bash',
      ['-c', `yes | '${process.execPath}' ${PROGRAMS[program].join(' ')} -`],
      {
        encoding: 'utf8',
      },
    );
    expect(endless.stdout).toContain('QP7002');
  });

  test('a named pipe that the user named is read to its end', async () => {
    pipe('given');
    const child = folder.start(program, ['given', '--model', modelId]);
    const ended = once(child, 'exit');
    const writer = await writerTo(at('given'));
    await writer.writeFile(packed);
    await writer.close();
    expect(await ended).toEqual([0, null]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it while it waits for a named pipe', async (signal) => {
    pipe(`waiting-${signal}`);
    const child = folder.start(program, [`waiting-${signal}`, '--model', modelId]);
    const ended = once(child, 'exit');
    const writer = await writerTo(at(`waiting-${signal}`));
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    await writer.close();
  });

  test('verdicts appear before later files are read', async () => {
    pipe('last');
    const before = Array.from({ length: 128 }, () => 'junk.proof.json');
    const child = folder.start(program, [...before, 'last', '--any-model', '--json']);
    const ended = once(child, 'exit');
    const [first] = await once(child.stdout, 'data');
    expect(String(first)).toContain('"code":"QP7001"');
    const writer = await writerTo(at('last'));
    child.stdout.resume();
    await writer.writeFile(packed);
    await writer.close();
    expect(await ended).toEqual([1, null]);
  });
});

/** Opens a named pipe for writing. The system refuses that until somebody reads it, which is asked again and again. */
async function writerTo(file: string): Promise<FileHandle> {
  for (;;) {
    try {
      return await open(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await setTimeout(10);
    }
  }
}

test('both programs are tried', () => {
  expect(PROGRAM_NAMES satisfies Program[]).toEqual(['quietproof', 'quietproof-verify']);
});
