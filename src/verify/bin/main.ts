#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Verdict, type VerifyOptions, verifyBundle } from '../index.ts';

const HELP = `quietproof-verify <bundle.proof.json> [options]

Checks one proof bundle, offline.

  --model <id>           the model id you expect (64 hex digits)
  --any-model            accept any model
  --context <text>       the context you expect
  --opening <file>       the *.opening.json of the input
  --tolerance <steps>    largest distance of the opening's row from the proved values, in steps: 0 to 0.5
  --companion <file>     model.json, for a thin bundle
  --json                 print the whole verdict

Example: quietproof-verify 000000.proof.json --companion model.json --model 3f0c…

Exit status: 0 valid and for the expected model (or --any-model); 1 not valid, or no
model was expected; 2 not enough given, or wrong usage.`;

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

function main(args: string[]): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      'any-model': { type: 'boolean' },
      context: { type: 'string' },
      opening: { type: 'string' },
      tolerance: { type: 'string' },
      companion: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1 || values.help === true) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const options: VerifyOptions = {
    ...(values.model !== undefined && { model: values.model }),
    ...(values['any-model'] !== undefined && { anyModel: values['any-model'] }),
    ...(values.context !== undefined && { context: new TextEncoder().encode(values.context) }),
    ...(values.opening !== undefined && { input: { opening: readFileSync(values.opening) } }),
    ...(values.tolerance !== undefined && { tolerance: toleranceOf(values.tolerance) }),
    ...(values.companion !== undefined && { companion: readFileSync(values.companion) }),
  };
  const verdict = verifyBundle(readFileSync(file), options);
  console.log(values.json === true ? JSON.stringify(verdict, null, 2) : describe(verdict));
  if (verdict.outcome === 'incomplete') return 2;
  return verdict.accepted ? 0 : 1;
}

/** @throws RangeError when the text is not a number */
function toleranceOf(text: string): number {
  const tolerance = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(tolerance)) throw new RangeError(`A tolerance is a number of steps, not "${text}"`);
  return tolerance;
}

function describe(verdict: Verdict): string {
  const mark = { pass: 'pass   ', fail: 'FAIL   ', missing: 'MISSING', skipped: 'skipped' };
  const checks = verdict.checks.map(({ id, status, detail }) => `  ${mark[status]} ${id}: ${detail}`);
  const answers = (verdict.answers ?? []).map(({ name, answer }) =>
    name === undefined ? `answer: ${JSON.stringify(answer)}` : `${name}: ${JSON.stringify(answer)}`,
  );
  const unchecked = verdict.unchecked.map(({ path }) => `  not checked: ${path}`);
  return [verdict.headline, ...verdict.warnings, ...answers, ...checks, ...unchecked].join('\n');
}
