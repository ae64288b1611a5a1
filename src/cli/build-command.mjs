// Bundles what the command starts: one proof takes less time than opening two hundred modules. Run by `npm run build`,
// after tsc, whose modules of the same names it replaces; the library keeps the others.
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

/** In the bundles of the whole command, `cli/quick.ts` is the other bundle. */
const quickElsewhere = {
  name: 'quick-elsewhere',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/quick\.ts$/ }, () => ({ path: '../quick/quick.js', external: true }));
  },
};

/**
 * A bundle for `prove` alone, which has a third of the modules: the chunks that the commands share are so many because they
 * are so many commands. Of packages it has our verifier's sources, as far as they are used, and commander; noble stays
 * outside as all others do, so that its updates reach everybody.
 */
const onlyProve = {
  name: 'only-prove',
  setup({ onResolve }) {
    const verifier = path.join(src, 'verify');
    onResolve({ filter: /^\.\/commands\// }, ({ path: command }) => {
      if (command === './commands/prove.ts') return undefined;
      return { path: `../cli/${command.slice(2).replace(/\.ts$/, '.js')}`, external: true };
    });
    onResolve({ filter: /^@quietproof\/verify$/ }, () => {
      return { path: path.join(verifier, 'index.ts'), sideEffects: false };
    });
    onResolve({ filter: /^\./ }, ({ path: name, importer, resolveDir }) => {
      const isVerifier = importer.startsWith(verifier + path.sep);
      return isVerifier ? { path: path.join(resolveDir, name), sideEffects: false } : undefined;
    });
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, kind }) => {
      return kind === 'entry-point' || name === 'commander' ? undefined : { path: name, external: true };
    });
  },
};

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  legalComments: 'none',
};

// No names of earlier builds must remain.
for (const folder of ['dist/chunks', 'dist/quick']) {
  await rm(path.join(root, folder), { recursive: true, force: true });
}

await build({
  ...COMMON,
  entryPoints: ENTRIES.map((name) => `src/${name}`),
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  plugins: [quickElsewhere, ownPlaces],
});

await build({
  ...COMMON,
  entryPoints: ['src/cli/quick.ts'],
  outdir: 'dist/quick',
  plugins: [onlyProve, ownPlaces],
  // commander is CommonJS, which asks for Node's modules by `require`.
  banner: {
    js: "import{createRequire as ownRequire}from'node:module';const require=ownRequire(import.meta.url);",
  },
});
