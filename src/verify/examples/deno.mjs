// deno run --allow-read deno.mjs <bundle.proof.json> <model id>
import { verifyBundle } from '../dist/quietproof-verify.mjs';

const [bundle, model] = Deno.args;
const verdict = verifyBundle(Deno.readFileSync(bundle), { model });
console.log(verdict.headline);
if (verdict.accepted) console.log('answer:', verdict.answer);
Deno.exit(verdict.accepted ? 0 : 1);
