import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { samePackages } from '../../src/cli/quick/same-packages.ts';

const root = mkdtempSync(path.join(tmpdir(), 'same-packages-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Installs a package of one module, as `from` finds it. */
function install(name: string, version: string): void {
  const folder = path.join(root, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const exports = { './one.js': './one.js' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, exports }));
  writeFileSync(path.join(folder, 'one.js'), '');
}

const from = pathToFileURL(path.join(root, 'importer.js')).href;
const bundled = { '@scope/a/one.js': '2.4.0', '@scope/b/one.js': '1.0.0' };

it('a bundle stands for its packages until one of them is another', () => {
  install('@scope/a', '2.4.0');
  install('@scope/b', '1.0.0');
  expect(samePackages(bundled, from)).toBe(true);
  install('@scope/b', '1.0.1');
  expect(samePackages(bundled, from)).toBe(false);
  rmSync(path.join(root, 'node_modules/@scope/b'), { recursive: true });
  expect(samePackages(bundled, from)).toBe(false);
});
