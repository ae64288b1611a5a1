import { setUpArtifact } from '#dist/index.js';
import { serve, timed } from './serve.ts';

// set-up.js <artifact>: gives it a development key, which is then checked and tried with random witnesses.
const [artifact] = process.argv.slice(2) as [string];

await serve({}, async () => {
  const { ms } = await timed(() => setUpArtifact(artifact, { source: { kind: 'development' }, force: true }));
  return { setupSeconds: ms / 1000 };
});
