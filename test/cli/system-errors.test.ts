import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canMount } from '../support/small-disk.ts';
import { runCli } from './support/run-cli.ts';

const MODEL = path.resolve('models/iris-mlp/model.onnx');
const DATA = path.resolve('models/iris-mlp/test.json');
const MAIN = path.resolve('dist/cli/main.js');
const compileTo = (out: string) => ['compile', MODEL, '--calibration', DATA, '--out', out];

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'system-errors-'));
  await chmod(root, 0o755);
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs the command line from a shell, after other commands of it. */
function fromShell(before: string, words: readonly string[]) {
  const script = `${before} exec "$@"`;
  return spawnSync('bash', ['-c', script, 'bash', process.execPath, MAIN, ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
}

describe.skipIf(process.platform === 'win32')('the operating system', () => {
  it('follows no loop of links: QP1006, status 2', async () => {
    await symlink('loop', path.join(root, 'loop'));
    for (const words of [['inspect', 'loop/model.onnx'], compileTo('loop/artifact'), compileTo('loop')]) {
      const { code, stderr } = await runCli(words, root);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^QP1006 .*loop/m) });
    }
  });

  it('has no names that long: QP1007, status 2', async () => {
    const long = 'x'.repeat(300);
    for (const words of [['inspect', `${long}/model.onnx`], compileTo(long)]) {
      const { code, stderr } = await runCli(words, root);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^QP1007 .*x{300}/m) });
    }
  });

  it('finds a file where a folder has to be: QP1008, status 2', async () => {
    await writeFile(path.join(root, 'file'), '');
    for (const out of ['file', 'file/artifact']) {
      const { code, stderr } = await runCli(compileTo(out), root);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^QP1008 .*file/m) });
    }
  });

  it('opens no more files: QP8003, status 3', () => {
    // The files are used up only after the modules are loaded, as happens in a long run.
    const script = `
      import { openSync } from 'node:fs';
      const { importModel, readRows } = await import(process.argv[1]);
      const [model, data] = process.argv.slice(2);
      const all = [() => importModel(model), () => readRows(data, { count: 4 })];
      for (const read of all) await read();
      try { for (;;) openSync('/dev/null'); } catch {}
      for (const read of all) await read().catch(({ code, exit }) => console.error(code, exit));`;
    const words = ['--input-type=module', '-e', script, path.resolve('dist/index.js'), MODEL, DATA];
    const { stderr } = spawnSync(
      'bash',
      ['-c', 'ulimit -n 500; exec "$@"', 'bash', process.execPath, ...words],
      {
        encoding: 'utf8',
      },
    );
    expect(stderr).toBe('QP8003 3\nQP8003 3\n');
  });

  it.skipIf(!canMount)('writes nothing to a read-only file system: QP8004, status 3', async () => {
    const folder = path.join(root, 'read-only');
    await mkdir(folder);
    const mount = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && exec "$@"`;
    const command = [process.execPath, MAIN, ...compileTo(folder)];
    const { status, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', mount, folder, ...command], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 3, stderr: expect.stringMatching(/^QP8004 .*read-only/m) });
  });

  it('lets others not write: QP8005, status 3', async () => {
    const folder = path.join(root, 'forbidden');
    await mkdir(folder, { mode: 0o555 });
    // Root may write everywhere.
    const asNobody = process.getuid?.() === 0 ? 'set -- setpriv --reuid 65534 --clear-groups "$@";' : '';
    for (const out of [folder, path.join(folder, 'artifact')]) {
      const { status, stderr } = fromShell(asNobody, compileTo(out));
      expect({ status, stderr }).toEqual({
        status: 3,
        stderr: expect.stringMatching(/^QP8005 There is no permission to write/m),
      });
    }
  });
});

describe.skipIf(process.platform !== 'linux')('an argument that is not UTF-8', () => {
  it('is refused, and writes nowhere: QP1009, status 2', async () => {
    const before = (await readdir(root)).length;
    const { status, stderr } = fromShell(`set -- "$@" --out $'caf\\xe9';`, compileTo('x').slice(0, -2));
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^QP1009 /) });
    expect((await readdir(root)).length).toBe(before);
  });

  it('is none if it really contains U+FFFD', async () => {
    const { code, stderr } = await runCli(['inspect', '\ufffd.onnx'], root);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('QP1002 ') });
  });
});
