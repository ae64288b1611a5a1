// Bundles what the command starts: one proof takes less time than opening two hundred modules. Run by `npm run build`,
// after tsc, whose modules of the same names it replaces; the library keeps the others. Packages stay outside, so that
// their updates reach everybody.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const src = path.join(root, 'src');

/** Started by file name: by the user, as a thread, and by the verifier. All one folder deep, as their chunks are. */
const ENTRIES = ['cli/main.ts', 'prover/prove-worker.ts', 'prover/proof-checker.ts', 'watch/watch-thread.ts'];

/** A module finds files beside it as if it had not been bundled. */
const ownPlaces = {
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const text = await readFile(file, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const place = `../${path.relative(src, file).replace(/\.ts$/, '.js')}`;
      const contents = text.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`);
      return { contents, loader: 'ts' };
    });
  },
};

// No names of earlier builds must remain.
await rm(path.join(root, 'dist/chunks'), { recursive: true, force: true });

await build({
  absWorkingDir: root,
  entryPoints: ENTRIES.map((name) => `src/${name}`),
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [ownPlaces],
});
