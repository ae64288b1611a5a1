// Bundles the script and the style of receipts and of verify.html, and the verifier as one ES module. Run by
// `npm run build`. Only our own code (MIT OR Apache-2.0) and noble (MIT) may be bundled; a test checks the inputs.
import { copyFile, cp, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

// The MIT license must be included in every copy.
const licences = await Promise.all(
  ['curves', 'hashes'].map((name) => readFile(at(`node_modules/@noble/${name}/LICENSE`), 'utf8')),
);
const LICENSE = [
  '/*! Quietproof verifier: SPDX-License-Identifier: MIT OR Apache-2.0.',
  ...licences.map((text, index) => `\nContains noble-${['curves', 'hashes'][index]}:\n\n${text.trim()}`),
  '*/',
].join('\n');

const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  platform: 'browser',
  charset: 'ascii',
  legalComments: 'none',
  metafile: true,
  absWorkingDir: at('.'),
  alias: { '@quietproof/verify': at('src/verify/index.ts') },
};

const module = await build({
  ...common,
  entryPoints: ['src/verify/index.ts'],
  outfile: 'src/verify/dist/quietproof-verify.mjs',
  format: 'esm',
  banner: { js: LICENSE },
});

const page = await build({
  ...common,
  entryPoints: ['src/export/browser/page/main.ts'],
  outfile: 'dist/export/browser/assets/page.js',
  format: 'iife',
  banner: { js: LICENSE },
});

const style = await build({
  ...common,
  entryPoints: ['src/export/browser/page/page.css'],
  outfile: 'dist/export/browser/assets/page.css',
});

await copyFile(
  at('src/verify/dist/quietproof-verify.mjs'),
  at('dist/export/browser/assets/quietproof-verify.mjs'),
);
// The module's type declarations, written by the TypeScript compiler.
await cp(at('src/verify/dist'), at('dist/export/browser/assets/types'), {
  recursive: true,
  filter: (path) => !path.endsWith('/bin') && (path.endsWith('/dist') || path.endsWith('.d.ts')),
});
const inputs = [module, page, style].flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeFile(
  at('dist/export/browser/assets/inputs.json'),
  `${JSON.stringify([...new Set(inputs)].sort(), null, 2)}\n`,
);
