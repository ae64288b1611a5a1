#!/usr/bin/env node
import { parseArgs, styleText } from 'node:util';
import { UsageError } from '../command/usage-error.ts';
import { usualThreads, type VerifyRequest, verifyCommand } from '../command/verify-command.ts';
import type { Paint } from '../command/words.ts';
import { parseTolerance, readRow } from './arguments.ts';

const HELP = `quietproof-verify <bundles...> [options]

Checks proof bundles, offline: files, folders of them, receipts, and - for the standard input. The command
\`quietproof verify\` prints the same.

  --model <id|folder>    the model you expect: its id (64 hex digits), a folder with model.json, or a
                         model.json; may be repeated: a proof must be of one of them
  --any-model            accept any model
  --context <text>       the context you expect
  --companion <file>     the model.json of thin bundles, if it is not beside them
  --input <row>          the input you expect, as a JSON list
  --opening <file>       the *.opening.json of the input
  --tolerance <steps>    largest distance of the row from the proved values, in steps: 0 to 0.5
  --trust <file>         the trust.json with the keys of those whom you trust; then the model and its key
                         must have been vouched for as it says
  --statements <path>    their signed statements, or a folder of them; may be repeated
  --at <time>            judge the statements for this time, like 2026-11-27T19:24:19Z (default: now)
  -r, --recursive        search the folders in folders too
  --json                 print verdicts as JSON: a line each for several
  --details              with --json, all of each verdict of several proofs

Example: quietproof-verify proofs --model 3f0c…

Exit status: 0 all valid and of an expected model (or --any-model); 1 one is not valid, or you did not say
which model you expect; 2 not enough was given to tell, or wrong usage.`;

const OPTIONS = {
  model: { type: 'string', multiple: true },
  'any-model': { type: 'boolean' },
  context: { type: 'string' },
  companion: { type: 'string' },
  input: { type: 'string' },
  opening: { type: 'string' },
  tolerance: { type: 'string' },
  trust: { type: 'string' },
  statements: { type: 'string', multiple: true },
  at: { type: 'string' },
  recursive: { type: 'boolean', short: 'r' },
  json: { type: 'boolean' },
  details: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

// A reader that closes the pipe, such as `| head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  if (positionals.length === 0 || values.help === true) {
    console.log(HELP);
    return values.help === true ? 0 : 2;
  }
  const { input, tolerance, context, companion, opening, trust, statements, at } = values;
  const request: VerifyRequest = {
    paths: positionals,
    ...(values.model !== undefined && { models: values.model }),
    ...(values['any-model'] === true && { anyModel: true }),
    ...(context !== undefined && { context }),
    ...(companion !== undefined && { companion }),
    ...(opening !== undefined && { opening }),
    ...(input !== undefined && { row: async () => readRow(input) }),
    ...(tolerance !== undefined && { tolerance: parseTolerance(tolerance) }),
    ...(trust !== undefined && { trust }),
    ...(statements !== undefined && { statements }),
    ...(at !== undefined && { at }),
    ...(values.recursive === true && { recursive: true }),
    ...(values.json === true && { json: true }),
    ...(values.details === true && { details: true }),
    threads: usualThreads(),
  };
  return verifyCommand(request, { print: (line) => process.stdout.write(`${line}\n`), paint: paint() });
}

/** NO_COLOR (not empty, no-color.org) turns colour off; terminals except TERM=dumb have it. */
function paint(): Paint {
  const { NO_COLOR, TERM } = process.env;
  const colour = !NO_COLOR && process.stdout.isTTY === true && TERM !== 'dumb';
  const styled = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow') => (text: string) =>
    colour ? styleText(format, text) : text;
  return {
    bold: styled('bold'),
    dim: styled('dim'),
    red: styled('red'),
    green: styled('green'),
    yellow: styled('yellow'),
  };
}

const SYSTEM: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'No permission to read the file',
  EISDIR: 'This is a folder where a file was expected',
};

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  const what = code === undefined ? undefined : SYSTEM[code];
  if (what === undefined) return error.message;
  return new UsageError('QP1002', { what, ...(path !== undefined && { where: path }), fix: 'Check the path' })
    .message;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(describe(error));
  process.exitCode = 2;
}
