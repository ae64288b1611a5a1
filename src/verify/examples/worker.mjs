// const worker = new Worker('worker.mjs', { type: 'module' });
// worker.postMessage({ bundles: [text, …], options: { model } });
// worker.onmessage = ({ data }) => data.map((verdict) => verdict.headline);
import { verifyMany } from '../dist/quietproof-verify.mjs';

addEventListener('message', ({ data }) => postMessage(verifyMany(data.bundles, data.options)));
