import { setUpArtifact } from '#dist/index.js';
import { serve, timed } from './serve.ts';

// set-up.js <artifact>: makes a development key, checks it and tries it with random witnesses.
const [artifact] = process.argv.slice(2) as [string];

await serve({}, async () => {
  const { ms } = await timed(() => setUpArtifact(artifact, { source: { kind: 'development' } }));
  return { setupSeconds: ms / 1000 };
});
