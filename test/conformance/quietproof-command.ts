/** The conformance suite's subcommands for our own package: `verify-bundle`, `verify-proof`, `batch`. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Answer } from './case-types.ts';
import { askVerifier } from './quietproof.ts';

const FILES = [
  ...(['bundle', 'companion', 'input', 'opening', 'trust', 'statements'] as const),
  ...(['key', 'public', 'proof'] as const),
];

function answer(words: readonly string[]): Answer {
  const [command, ...args] = words;
  if (command !== 'verify-bundle' && command !== 'verify-proof')
    throw new Error(`unknown command ${command}`);
  const options = Object.fromEntries(
    [...FILES, 'model', 'context', 'tolerance', 'at'].map((name) => [name, { type: 'string' as const }]),
  );
  const values = parseArgs({ args, options }).values as Record<string, string | undefined>;
  const given = FILES.filter((name) => values[name] !== undefined);
  const files = Object.fromEntries(given.map((name) => [name, readFileSync(values[name] as string)]));
  const { model, context, tolerance, at } = values;
  return askVerifier(command, files, {
    ...(model !== undefined && { model }),
    ...(context !== undefined && { context }),
    ...(tolerance !== undefined && { tolerance }),
    ...(at !== undefined && { at }),
  });
}

const words = process.argv.slice(2);
if (words[0] === 'batch') {
  for await (const line of createInterface(process.stdin))
    console.log(JSON.stringify(answer(JSON.parse(line))));
} else {
  try {
    const found = answer(words);
    console.log(JSON.stringify(found));
    process.exitCode = found.verdict === 'valid' ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}
