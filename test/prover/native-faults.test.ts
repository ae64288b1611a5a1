import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { parseAnyInterface, readingOf } from '@quietproof/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { modelIdOf, type ProveJob, ProverPool, proveBatch, setUpArtifact, verifyFiles } from '#dist/index.js';
import { KEY_FILES } from '../../src/artifact/file-names.ts';
import { encodeRows } from '../../src/prove/encode-rows.ts';
import { type CliResult, runCli, startCli } from '../cli/support/run-cli.ts';
import { NATIVE_BINARY } from '../support/backends.ts';
import { type DigitsArtifact, digitsArtifact } from '../support/digits-artifact.ts';
import { canMount, runOnSmallDisk } from '../support/small-disk.ts';

const DATA = path.resolve('models/digits-mlp/test.json');
const ROWS = 4;

// Faults in the prover's files, threads and disk: a batch either completes or stops with a reason, and all bundles that
// exist are valid.
describe.skipIf(NATIVE_BINARY === undefined)('the native prover, when things go wrong', () => {
  let artifact: DigitsArtifact;
  let cache: string;
  /** Content of the intact cache. */
  let whole: Buffer;
  let out: string;

  beforeAll(async () => {
    artifact = await digitsArtifact('public');
    cache = path.join(artifact.artifactDir, KEY_FILES.proverCache);
    out = path.join(artifact.root, 'first');
    await proveAll();
    whole = await readFile(cache);
  });
  afterAll(() => artifact.remove());
  beforeEach(async () => {
    out = path.join(await mkdtemp(path.join(artifact.root, 'out-')), 'proofs');
  });

  /** Proves all rows in this process and expects a valid bundle for each. */
  async function proveAll() {
    const { artifactDir } = artifact;
    const rows = artifact.rows.slice(0, ROWS);
    await proveBatch({ artifactDir, rows, outDir: out, workers: 1, backend: 'native' });
    await expectValid();
  }

  async function expectValid() {
    const found: boolean[] = [];
    const model = await modelIdOf(artifact.artifactDir);
    for await (const { verdict } of verifyFiles([out], { model })) found.push(verdict.accepted);
    expect(found).toEqual(new Array(ROWS).fill(true));
  }

  /** The same with the command. */
  const words = (...more: string[]) => {
    const rows = ['--inputs', DATA, '--rows', `0-${ROWS - 1}`, '--out', out];
    return ['prove', artifact.artifactDir, ...rows, ...more];
  };
  /** With no backend set, unless `more` or `env` sets one. */
  const prove = (more: string[] = [], env: NodeJS.ProcessEnv = {}) =>
    runCli(words(...more), undefined, { QUIETPROOF_BACKEND: '', ...env });

  async function expectProved({ code, stdout, stderr }: CliResult, backend: string) {
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(` with ${backend} `);
    await expectValid();
  }

  describe('the cached key', () => {
    it.each([
      ['empty', () => truncate(cache, 0)],
      ['shorter than its header', () => truncate(cache, 100)],
      ['cut in the middle', () => truncate(cache, whole.length >> 1)],
      ['short of its last byte', () => truncate(cache, whole.length - 1)],
      ['something else', () => writeFile(cache, 'something else')],
      ['changed in its header', () => flip(40)],
      ['changed in its points', () => flip(whole.length >> 1)],
      ['changed at its end', () => flip(whole.length - 1)],
    ])('that is %s is made again', async (_, damage) => {
      await damage();
      await proveAll();
      expect((await readFile(cache)).equals(whole)).toBe(true);
    });

    it('is rebuilt if it is of another key', async () => {
      const { artifactDir } = artifact;
      await setUpArtifact(artifactDir, {
        source: { kind: 'development' },
        behaviour: { count: 1 },
        backend: 'native',
        force: true,
      });
      const renewed = await readFile(cache);
      expect(renewed.equals(whole)).toBe(false);
      await writeFile(cache, whole);
      await proveAll();
      expect((await readFile(cache)).equals(renewed)).toBe(true);
      whole = renewed;
    });

    it('gives wrong proofs if it changes during use, and none of them is returned', async () => {
      const pool = await openPool();
      const [first, ...jobs] = await someJobs();
      try {
        await pool.prove(first!);
        // Changes the file in place while the pool has mapped it.
        await writeFile(cache, Buffer.alloc(whole.length, 7), { flag: 'r+' });
        const results = await Promise.allSettled(jobs.map((job) => pool.prove(job)));
        for (const result of results) {
          // Either the proof does not verify, or the damage is detected earlier.
          const code = expect.stringMatching(/^QP6(001|003|103)$/);
          expect(result).toMatchObject({ status: 'rejected', reason: { code } });
        }
      } finally {
        await pool.close();
      }
      await proveAll();
    });

    async function flip(at: number) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1;
      await writeFile(cache, bytes);
    }
  });

  describe.skipIf(!canMount)('the disk', () => {
    /** Copies the artifact to a disk of this size and proves there. */
    function proveOn(size: string, before = (_: string): string[] => []) {
      const folder = path.join(path.dirname(out), 'small');
      const main = path.resolve('dist/cli/main.js');
      const rows = `--inputs "${DATA}" --rows 0-${ROWS - 1} --out "${out}"`;
      const run = `node "${main}" prove "${folder}" ${rows} --backend native`;
      const copy = `rm -f "${cache}"; cp "${artifact.artifactDir}"/* "${folder}"/`;
      const script = [copy, ...before(folder), run].join('; ');
      return mkdir(folder).then(() => runOnSmallDisk(folder, size, ['sh', '-c', script], 'ls -A'));
    }

    it('that is full is no obstacle: proving works without the cached key, with a warning', async () => {
      // Enough for the files of setup, 1.3 MB, but not for the cached key.
      const { stdout, stderr } = await proveOn('2m');
      expect(stdout, stderr).toMatch(/^exit 0\n/);
      expect(stderr).toMatch(new RegExp(`! ${KEY_FILES.proverCache} cannot be written.*No space left`));
      expect(stdout).not.toMatch(/prover-key/);
      await expectValid();
    });

    it('that is read only does without it too', async () => {
      const { stdout, stderr } = await proveOn('8m', (folder) => [
        `mount -o remount,ro "${folder}" || exit 9`,
      ]);
      expect(stdout, stderr).toMatch(/^exit 0\n/);
      expect(stderr).toMatch(
        new RegExp(`! ${KEY_FILES.proverCache} cannot be written.*Read-only file system`),
      );
      await expectValid();
    });
  });

  describe('the binary', () => {
    let binary: string;
    beforeEach(async () => {
      binary = path.join(path.dirname(out), path.basename(NATIVE_BINARY!));
      await copyFile(NATIVE_BINARY!, binary);
      await copyFile(noteOf(NATIVE_BINARY!), noteOf(binary));
    });

    const broken = [
      [
        'cut',
        async () => truncate(binary, (await readFile(binary)).length >> 1),
        /changed after it was built/,
      ],
      ['text', () => writeFile(binary, 'text'), /changed after it was built/],
      ['missing', () => rm(binary), /no such file/],
      ['of another interface', () => noteInterface(0), /it has interface 0, but interface \d is required/],
    ] as const;

    async function noteInterface(number: number) {
      const note = JSON.parse(await readFile(noteOf(binary), 'utf8'));
      await writeFile(noteOf(binary), JSON.stringify({ ...note, interface: number }));
    }

    it.each(broken)('that is %s leaves the work to snarkjs, with a warning', async (_, damage, reason) => {
      await damage();
      const result = await prove([], { QUIETPROOF_NATIVE: binary });
      expect(result.stderr).toMatch(/^! The native prover cannot be used, so snarkjs is used instead: /m);
      expect(result.stderr).toMatch(reason);
      await expectProved(result, 'snarkjs');
      const again = await prove(['--json'], { QUIETPROOF_NATIVE: binary });
      expect(JSON.parse(again.stdout).warnings).toEqual([expect.stringMatching(reason)]);
    });

    it.each(broken)('that is %s is an error if it was requested', async (_, damage, reason) => {
      await damage();
      const env = { QUIETPROOF_NATIVE: binary };
      for (const { code, stdout, stderr } of [
        await prove(['--json', '--backend', 'native'], env),
        await prove(['--json'], { ...env, QUIETPROOF_BACKEND: 'native' }),
      ]) {
        expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
        const { error } = JSON.parse(stderr);
        expect(error).toMatchObject({ code: 'QP6301', fix: expect.stringContaining('build:native') });
        expect(error.what).toMatch(reason);
      }
      expect(await readdir(path.dirname(out))).not.toContain('proofs');
    });

    it('may be removed or replaced while a batch runs', async () => {
      const env = { QUIETPROOF_NATIVE: binary, QUIETPROOF_BACKEND: 'native' };
      const { result } = startCli(words(), undefined, env);
      await seeBundle();
      await writeFile(`${binary}.new`, 'another build');
      await rename(`${binary}.new`, binary);
      await rm(noteOf(binary));
      await expectProved(await result, 'native');
    });

    it('proves nothing if the environment names an unknown backend', async () => {
      const { code, stderr } = await prove([], { QUIETPROOF_BACKEND: 'nativ' });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('QP1001') });
    });
  });

  describe('threads', () => {
    it('that are killed in the middle of proofs lose no row', async () => {
      const pool = await openPool();
      const jobs = await someJobs();
      try {
        await pool.prove(jobs[0]!); // the key is loaded
        const proving = Promise.all(jobs.map((job) => pool.prove(job)));
        await pool.threads[0]!.terminate();
        const rows = await proving;
        rows.forEach(({ publicSignals }, i) => {
          expect(publicSignals.slice(1, -1)).toEqual(Array.from(jobs[i]!.integers, String));
        });
      } finally {
        await pool.close();
      }
    });

    it('that are told to stop in the middle of a proof do, and the pool closes', async () => {
      const pool = await openPool();
      const jobs = await someJobs();
      await pool.prove(jobs[0]!);
      const stop = new AbortController();
      const proving = jobs.map((job) => pool.prove(job, stop.signal));
      // When the first is done, the only thread is at the second.
      await Promise.race(proving);
      stop.abort();
      const stopped = (await Promise.allSettled(proving)).filter(({ status }) => status === 'rejected');
      expect(stopped.length).toBeGreaterThan(0);
      for (const result of stopped) expect(result).toMatchObject({ reason: { code: 'QP6004' } });
      await pool.close();
    });
  });

  it('a killed process leaves complete bundles, and the same command makes the rest', async () => {
    const { child, result } = startCli(words('--workers', '1', '--backend', 'native'));
    await seeBundle();
    child.kill('SIGKILL');
    await result;
    await proveAll();
  });

  /** Waits for the first bundle of the batch. */
  async function seeBundle() {
    const there = async () =>
      (await readdir(out).catch(() => [])).some((name) => name.endsWith('.proof.json'));
    while (!(await there())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  const openPool = () =>
    ProverPool.open({ artifactDir: artifact.artifactDir, workers: 1, backend: 'native' });

  async function someJobs(): Promise<ProveJob[]> {
    const text = await readFile(path.join(artifact.artifactDir, 'interface.json'), 'utf8');
    const encoded = encodeRows(readingOf(parseAnyInterface(text)).input, artifact.rows.slice(0, ROWS), false);
    return encoded.map(({ integers }) => ({
      integers: Float64Array.from(integers),
      salt: null,
      context: 0n,
    }));
  }
});

const noteOf = (file: string) => file.replace(/\.node$/, '.json');
