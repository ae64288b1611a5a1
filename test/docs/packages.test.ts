import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import clientJson from '../../src/client/package.json' with { type: 'json' };
import verifyJson from '../../src/verify/package.json' with { type: 'json' };
import { ROOT } from './fenced-blocks.ts';

interface LockedPackage {
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock: { readonly packages: Readonly<Record<string, LockedPackage>> } = JSON.parse(
  readFileSync(`${ROOT}package-lock.json`, 'utf8'),
);

test.each([
  ['.', packageJson, ['NOTICE', 'README.md', 'circuits/linear.circom', 'dist/prover/prove-worker.js']],
  ['src/verify', verifyJson, ['README.md', 'SPEC.md']],
  ['src/client', clientJson, ['README.md', 'dist/watch/watch.js']],
] as const)(
  'the package in %s contains all files that it refers to, and no files for development',
  async (folder, json, otherFiles) => {
    const files = await packedFiles(folder);
    const named = Object.values(json.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    );
    const expected = [
      ...named,
      ...Object.values('bin' in json ? json.bin : {}),
      ...otherFiles,
      'LICENSE-MIT',
      'LICENSE-APACHE',
    ];
    for (const file of expected) {
      const [start, end = ''] = file.replace(/^\.\//, '').split('*') as [string, string?];
      const isThere = (packed: string) =>
        file.includes('*') ? packed.startsWith(start) && packed.endsWith(end) : packed === start;
      expect(files.some(isThere), file).toBe(true);
    }
    expect(
      files.filter((file) => /\.map$|\.tsbuildinfo$|^(test|bench|models|artifacts)\//.test(file)),
    ).toEqual([]);
  },
);

test('the verifier depends on two packages, both under MIT', () => {
  const closure = dependencyClosure('src/verify');
  expect([...closure].sort()).toEqual(['node_modules/@noble/curves', 'node_modules/@noble/hashes']);
  for (const name of closure) expect(lock.packages[name]!.license).toBe('MIT');
});

test('the client depends on the verifier alone', () => {
  expect(Object.keys(clientJson.dependencies)).toEqual(['@quietproof/verify']);
});

test('NOTICE names every package under the GPL', () => {
  const notice = readFileSync(`${ROOT}NOTICE`, 'utf8');
  const copyleft = Object.entries(lock.packages).filter(([, { license }]) => /GPL/.test(license ?? ''));
  expect(copyleft.length).toBeGreaterThan(0);
  for (const [name] of copyleft) expect(notice).toContain(name.replace(/.*node_modules\/(?:@\w+\/)?/, ''));
});

/** Paths in package-lock.json of all packages that a package needs at run time. */
function dependencyClosure(start: string): Set<string> {
  const found = new Set<string>();
  const queue = [start];
  for (let location = queue.shift(); location !== undefined; location = queue.shift()) {
    for (const name of Object.keys(lock.packages[location]!.dependencies ?? {})) {
      const nested = `${location}/node_modules/${name}`;
      const place = nested in lock.packages ? nested : `node_modules/${name}`;
      if (!found.has(place)) queue.push(place);
      found.add(place);
    }
  }
  return found;
}

async function packedFiles(folder: string): Promise<string[]> {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const cwd = `${ROOT}${folder}`;
  const { stdout } = await promisify(execFile)('npm', words, { cwd, shell: process.platform === 'win32' });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  return packed!.files.map(({ path }) => path);
}
