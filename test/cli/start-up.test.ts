import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NATIVE_BINARY } from '../support/backends.ts';

const MAIN = path.resolve('dist/cli/main.js');
const RECORD = path.resolve('test/cli/support/record-modules.mjs');
const FIXTURE = 'test/fixtures/artifact-0.1';
const root = mkdtempSync(path.join(tmpdir(), 'start-up-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Every module that a command loads, with the package it is of; an empty name for our own. */
function modulesOf(words: readonly string[]) {
  const file = path.join(root, 'modules');
  rmSync(file, { force: true });
  const env = { ...process.env, RECORD_MODULES: file };
  const ran = spawnSync(process.execPath, ['--import', RECORD, MAIN, ...words], { env, encoding: 'utf8' });
  const urls = readFileSync(file, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'));
  const packages = urls.map((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '');
  return { status: ran.status, count: urls.length, packages: [...new Set(packages)].sort() };
}

// Modules, not milliseconds: a module costs about the same wherever a command starts.
describe('a command loads what it needs', () => {
  it('the version: next to nothing', () => {
    const { status, count } = modulesOf(['--version']);
    expect(status).toBe(0);
    expect(count).toBeLessThanOrEqual(4);
  });

  it('verify: no prover, no compiler', () => {
    const { status, count, packages } = modulesOf(['verify', path.join(FIXTURE, 'proofs'), '--any-model']);
    expect(status).toBe(0);
    // noble and commander are in its bundle.
    expect(packages).toEqual(['']);
    expect(count).toBeLessThanOrEqual(19);
  });

  it('prove: no compiler, no runtime, no readers of other data', () => {
    const artifact = path.join(root, 'artifact');
    cpSync(path.join(FIXTURE, 'breast-cancer-logreg'), artifact, { recursive: true });
    const data = ['--inputs', 'models/breast-cancer-logreg/test.json', '--rows', '0'];
    const words = ['prove', artifact, ...data, '--backend'];
    // commander and the verifier are in its bundle.
    const used = ['@noble/curves', '@noble/hashes', 'fs-native-extensions'];
    const inWorker = modulesOf([...words, 'snarkjs', '--out', path.join(root, 'out')]);
    expect(inWorker.status).toBe(0);
    expect(inWorker.packages.filter((name) => name !== '')).toEqual([...used, 'piscina']);
    expect(inWorker.count).toBeLessThanOrEqual(47);
    if (NATIVE_BINARY === undefined) return;
    // One row is proved without starting a worker.
    const inOwnThread = modulesOf([...words, 'native', '--out', path.join(root, 'own')]);
    expect(inOwnThread.status).toBe(0);
    expect(inOwnThread.packages.filter((name) => name !== '')).toEqual(used);
    expect(inOwnThread.count).toBeLessThanOrEqual(46);
  });
});
