// For many bundles, or for slow devices, use worker.mjs: it verifies outside the main thread.
import { verifyBundle } from '../dist/quietproof-verify.mjs';

const model = document.getElementById('model');
document.getElementById('bundle').addEventListener('change', async (event) => {
  const bundle = new Uint8Array(await event.target.files[0].arrayBuffer());
  const verdict = verifyBundle(bundle, { model: model.value });
  document.getElementById('verdict').textContent = verdict.headline;
});
