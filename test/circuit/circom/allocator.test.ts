import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ALLOCATOR_MODULE, isKnownCircom } from '../../../src/circuit/circom/allocator.ts';

const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'quietproof-allocator-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const source = `pragma circom 2.2.3;
template Products(n) {
  signal input a[n];
  signal output b[n];
  for (var i = 0; i < n; i++) b[i] <== a[i] * a[n - 1 - i];
}
component main = Products(4000);
`;

/** What circom's memory begins with, in pages of 64 KiB. */
const FIRST_PAGES = 72;

/** Prints how large circom's memory is in the end. */
const REPORT_PAGES = `
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...args) => {
  const instance = await instantiate(...args);
  process.on('exit', () => console.error('pages', instance.exports.memory.buffer.byteLength / 65536));
  return instance;
};
`;

function run(modules: readonly string[]) {
  writeFileSync(join(folder, 'products.circom'), source);
  const flags = modules.flatMap((text) => ['--import', `data:text/javascript,${encodeURIComponent(text)}`]);
  const script = `node ${flags.map((flag) => `'${flag.replaceAll("'", '%27')}'`).join(' ')} ${require.resolve('circom2/cli.js')}`;
  const said = execFileSync('sh', ['-c', `${script} products.circom --O1 --r1cs --sym 2>&1`], {
    cwd: folder,
    encoding: 'utf8',
  });
  const bytes = ['products.r1cs', 'products.sym'].map((name) => readFileSync(join(folder, name)));
  return { pages: Number(/pages (\d+)/.exec(said)?.[1]), bytes };
}

describe('the allocator of circom', () => {
  it('is that of the installed compiler', () => {
    const wasm = readFileSync(require.resolve('circom2/circom.wasm'));
    expect(isKnownCircom(createHash('sha256').update(wasm).digest('hex'))).toBe(true);
  });

  it('grows by whole steps of 16 MiB, and the compiler writes the same bytes', () => {
    const published = run([REPORT_PAGES]);
    const stepped = run([ALLOCATOR_MODULE, REPORT_PAGES]);
    const grown = ({ pages }: { readonly pages: number }) => (pages - FIRST_PAGES) % 256;
    expect(grown(published)).not.toBe(0);
    expect(grown(stepped)).toBe(0);
    expect(stepped.bytes).toEqual(published.bytes);
  });
});
