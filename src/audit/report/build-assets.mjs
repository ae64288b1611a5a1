// Bundles the script and the style of audit reports, and copies the fonts of the paper form. Run by `npm run build`.
import { cp, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { LICENSE, pageOptions } from '../../export/browser/build-options.mjs';

const root = new URL('../../../', import.meta.url);
const at = (path) => fileURLToPath(new URL(path, root));
const OUT = 'dist/audit/report/assets';

const page = await build({
  ...pageOptions,
  entryPoints: ['src/audit/report/html/page/main.ts'],
  outfile: `${OUT}/page.js`,
  format: 'iife',
  banner: { js: LICENSE },
});
const style = await build({
  ...pageOptions,
  entryPoints: ['src/audit/report/html/page/report.css'],
  outfile: `${OUT}/page.css`,
});
await cp(at('src/audit/report/fonts'), at('dist/audit/report/fonts'), { recursive: true });
const inputs = [page, style].flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeFile(at(`${OUT}/inputs.json`), `${JSON.stringify([...new Set(inputs)].sort(), null, 2)}\n`);
