// Bundles what the command starts: one proof takes less time than opening two hundred modules. Run by `npm run build`,
// after tsc, whose modules of the same names it replaces; the library keeps the others.
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));
const src = path.join(root, 'src');
const verifier = path.join(src, 'verify');

/** Started by file name: by the user, as a thread, and by the verifier. All one folder deep, as their chunks are. */
const ENTRIES = ['cli/main.ts', 'prover/prove-worker.ts', 'prover/proof-checker.ts', 'watch/watch-thread.ts'];

/** A module of ours finds files beside it as if it had not been bundled. @param up from the bundle to dist */
const ownPlaces = (up) => ({
  name: 'own-places',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      // The verifier's threads are bundled beside it.
      if (isVerifier(file)) return undefined;
      const text = await readFile(file, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const place = `${up}${path.relative(src, file).replace(/\.ts$/, '.js')}`;
      const contents = text.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`);
      return { contents, loader: 'ts' };
    });
  },
});

function isVerifier(file) {
  return file.startsWith(verifier + path.sep);
}

/** In the bundles of the whole command, what is in `cli/quick` is in bundles of its own. */
const quickElsewhere = {
  name: 'quick-elsewhere',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/quick\/\w+\.ts$/ }, ({ path: name }) => {
      const command = path.basename(name, '.ts');
      return { path: `../quick/${command}/${command}.js`, external: true };
    });
  },
};

/**
 * The modules of one command: the chunks that the commands share are so many because they are so many commands. Of
 * packages it has our verifier's sources, as far as they are used, and those named.
 */
const only = (command, packages) => ({
  name: 'only',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/commands\// }, ({ path: name }) => {
      if (name === `./commands/${command}.ts`) return undefined;
      return { path: `../../cli/${name.slice(2).replace(/\.ts$/, '.js')}`, external: true };
    });
    onResolve({ filter: /^@quietproof\/verify(\/command\/[\w-]+)?$/ }, ({ path: name }) => {
      const module = name.split('/').slice(2).join('/') || 'index';
      return { path: path.join(verifier, `${module}.ts`), sideEffects: false };
    });
    onResolve({ filter: /^\./ }, ({ path: name, importer, resolveDir }) => {
      return isVerifier(importer) ? { path: path.join(resolveDir, name), sideEffects: false } : undefined;
    });
    onResolve({ filter: /^[@a-z]/ }, ({ path: name, kind }) => {
      const isBundled = kind === 'entry-point' || packages.some((one) => name.startsWith(one));
      return isBundled ? undefined : { path: name, external: true };
    });
  },
});

/** commander asks for `child_process`, to run commands that are programs of their own; ours are none. */
const noPrograms = {
  name: 'no-programs',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ path: name, importer }) => {
      return importer.includes('commander') ? { path: name, namespace: 'no-programs' } : undefined;
    });
    onLoad({ filter: /.*/, namespace: 'no-programs' }, () => ({ contents: 'module.exports = {};' }));
  },
};

const COMMON = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  legalComments: 'none',
};

const QUICK = {
  ...COMMON,
  splitting: true,
  // commander is CommonJS, which asks for Node's modules by `require`.
  banner: {
    js: "import{createRequire as ownRequire}from'node:module';const require=ownRequire(import.meta.url);",
  },
};

/** Modules beside the package.json of each, and the version that is there. */
function versionsOf(modules) {
  return Object.fromEntries(
    modules.map((module) => {
      const file = path.join(path.dirname(fileURLToPath(import.meta.resolve(module))), 'package.json');
      return [module, JSON.parse(readFileSync(file, 'utf8')).version];
    }),
  );
}

// No names of earlier builds must remain.
for (const folder of ['dist/chunks', 'dist/quick']) {
  await rm(path.join(root, folder), { recursive: true, force: true });
}

await build({
  ...COMMON,
  entryPoints: ENTRIES.map((name) => `src/${name}`),
  splitting: true,
  outdir: 'dist',
  outbase: 'src',
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  plugins: [quickElsewhere, ownPlaces('../')],
});

// noble stays outside as all other packages do, so that its updates reach everybody.
await build({
  ...QUICK,
  entryPoints: ['src/cli/quick/prove.ts'],
  outdir: 'dist/quick/prove',
  plugins: [noPrograms, only('prove', ['commander']), ownPlaces('../../')],
});

// With noble: `quick/verify.ts` passes the bundle over where noble has been updated.
const noble = ['@noble/curves', '@noble/hashes'];
const alone = [noPrograms, only('verify', ['commander', ...noble]), ownPlaces('../../')];
await build({
  ...QUICK,
  entryPoints: ['src/cli/quick/verify.ts'],
  outdir: 'dist/quick/verify',
  define: { BUNDLED: JSON.stringify(versionsOf(['@noble/curves/bn254.js', '@noble/hashes/sha2.js'])) },
  plugins: alone,
});
await build({
  ...COMMON,
  entryPoints: ['src/verify/command/verify-worker.ts'],
  outdir: 'dist/quick/verify',
  plugins: alone,
});
