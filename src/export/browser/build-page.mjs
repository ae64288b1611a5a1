// Bundles the script and the style of receipts and of verify.html, and the verifier as one ES module. Run by
// `npm run build`. Only our own code (MIT OR Apache-2.0) and noble (MIT) may be bundled; a test checks the inputs.
import { copyFile, cp, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { LICENSE, pageOptions } from './build-options.mjs';

const root = new URL('../../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));

const module = await build({
  ...pageOptions,
  entryPoints: ['src/verify/index.ts'],
  outfile: 'src/verify/dist/quietproof-verify.mjs',
  format: 'esm',
  banner: { js: LICENSE },
});

const page = await build({
  ...pageOptions,
  entryPoints: ['src/export/browser/page/main.ts'],
  outfile: 'dist/export/browser/assets/page.js',
  format: 'iife',
  banner: { js: LICENSE },
});

const style = await build({
  ...pageOptions,
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
