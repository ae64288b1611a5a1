// Copies what an archive contains of ours, so that it can be checked without us. Run by `npm run build`.
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const assets = path.join(root, 'dist/export/archive/assets');
const python = path.join(root, 'src/verify/python');

await rm(assets, { recursive: true, force: true });
await mkdir(path.join(assets, 'python'), { recursive: true });
for (const name of ['SPEC.md', 'trust.schema.json', 'LICENSE-MIT', 'LICENSE-APACHE']) {
  await cp(path.join(root, 'src/verify', name), path.join(assets, name));
}
for (const name of await readdir(python)) {
  if (name.endsWith('.py')) await cp(path.join(python, name), path.join(assets, 'python', name));
}
