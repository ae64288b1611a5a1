// Bundles what Node loads: a command that verifies one proof spends more time on opening a hundred modules than on the
// proof. Run by `npm run build` and before packing. noble stays outside, so that its updates reach everybody.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

// No names of earlier builds must remain.
rmSync(at('dist/node'), { recursive: true, force: true });

const commands = readdirSync(at('command')).filter((name) => name.endsWith('.ts'));

// All in one folder, as command/verify-threads.ts expects of its worker. What several of them need is in files of its
// own, so that a class is the same for all who import it.
await build({
  absWorkingDir: at('.'),
  entryPoints: [
    ...['index.ts', 'bin/main.ts', ...commands.map((name) => `command/${name}`)].map((file) => ({
      in: file,
      out: file.replace(/^.*\//, '').replace(/\.ts$/, ''),
    })),
    ...['log', 'seal', 'timestamp'].map((room) => ({ in: `${room}/index.ts`, out: room })),
  ],
  outdir: 'dist/node',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  legalComments: 'none',
});
