import { rm } from 'node:fs/promises';
import path from 'node:path';
import { KEY_FILES } from '#dist/artifact/file-names.js';
import { backendNamed } from '#dist/prover/backends.js';
import { serve, timed } from './serve.ts';

// key-cache.js <artifact>: converts the key to the native prover's layout, as the first proof under a key must.
const [artifact] = process.argv.slice(2) as [string];

await serve({}, async () => {
  await rm(path.join(artifact, KEY_FILES.proverCache), { force: true });
  const { value: key, ms } = await timed(() =>
    backendNamed('native').share(path.join(artifact, 'circuit.zkey')),
  );
  key.release();
  return { cacheSeconds: ms / 1000 };
});
