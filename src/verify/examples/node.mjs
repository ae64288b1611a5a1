// node node.mjs <bundle.proof.json> <model id> [model.json]
import { readFileSync } from 'node:fs';
import { verifyBundle } from '@quietproof/verify';

const [bundle, model, companion] = process.argv.slice(2);
const verdict = verifyBundle(readFileSync(bundle), {
  model,
  ...(companion !== undefined && { companion: readFileSync(companion) }),
});
console.log(verdict.headline);
for (const warning of verdict.warnings) console.log(warning);
if (verdict.accepted) console.log('answer:', verdict.answer);
process.exitCode = verdict.accepted ? 0 : 1;
