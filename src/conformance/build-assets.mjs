// Copies the cases of the conformance suites, so that `quietproof conformance` has them. Run by `npm run build`.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

for (const corpus of ['bundles', 'bundles-v2']) {
  const folder = at(`dist/conformance/vectors/${corpus}`);
  await rm(folder, { recursive: true, force: true });
  await cp(at(`test/vectors/${corpus}`), folder, { recursive: true });
}
