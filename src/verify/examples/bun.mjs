// bun run bun.mjs <bundle.proof.json> <model id>
import { verifyBundle } from '../dist/quietproof-verify.mjs';

const [bundle, model] = Bun.argv.slice(2);
const verdict = verifyBundle(await Bun.file(bundle).bytes(), { model });
console.log(verdict.headline);
if (verdict.accepted) console.log('answer:', verdict.answer);
process.exitCode = verdict.accepted ? 0 : 1;
