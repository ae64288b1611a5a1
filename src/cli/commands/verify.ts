import type { InputReading, RowValue } from '@quietproof/verify';
import type { CommandOutput, VerifyRequest } from '@quietproof/verify/command/verify-command';
import type { Command } from 'commander';
import { EXIT } from '../../errors/error-spec.ts';
import { collect, parseTolerance } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import type { Progress } from '../render/progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface VerifyWords extends OutputOptions {
  readonly model?: readonly string[];
  readonly anyModel?: boolean;
  readonly context?: string;
  readonly companion?: string;
  readonly input?: string;
  readonly opening?: string;
  readonly tolerance?: number;
  readonly trust?: string;
  readonly statements?: readonly string[];
  readonly at?: string;
  readonly recursive?: boolean;
  readonly details?: boolean;
}

export function addVerify(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'verify <bundles...>',
    summary: 'Check proofs, offline, against the model you expect',
    details:
      'Takes bundles, receipts, folders of bundles, and - for the standard input. Exits 0 only if all are valid and of ' +
      'that model, 1 if one is not valid or you named no model, 2 if not enough was given to tell.',
    examples: [
      'quietproof verify proofs --model artifacts/digits-mlp',
      'quietproof verify proofs/000003.proof.json --any-model --context "order 17"',
      'quietproof verify proofs/000003.proof.json --model artifacts/digits-mlp \\\n' +
        '      --input "models/digits-mlp/test.json#3" --opening proofs/private/000003.opening.json',
      'quietproof verify proofs --trust trust.json --statements statements',
    ],
  })
    .option(
      '--model <artifact|id>',
      'the model you expect: its id, an artifact folder, or a model.json; may be repeated',
      collect,
    )
    .option('--any-model', 'accept any model; the verdict says which one it is')
    .option('--context <text>', 'the context the proof must have been made for')
    .option('--companion <record>', 'the model.json of thin bundles, if it is not beside them')
    .option('--input <row>', 'the input it must be for: JSON like [1,2], or a data file and row: test.json#3')
    .option('--opening <opening>', 'the opening of the input digest: <out>/private/<row>.opening.json')
    .option(
      '--tolerance <steps>',
      'how far the input may be from the proved one, in steps: 0 to 0.5',
      parseTolerance,
    )
    .option('--trust <trust>', 'the trust.json with the keys of those whom you trust, and for what')
    .option(
      '--statements <statements>',
      'their signed statements, or a folder of them; may be repeated',
      collect,
    )
    .option('--at <time>', 'judge the statements for this time, e.g. 2026-11-27T19:24:19Z (default: now)')
    .option('-r, --recursive', 'search the folders in folders too')
    .option('--details', 'with --json, all of each verdict of several proofs')
    .action(onRun<VerifyWords>(shell, (paths, words) => verify(shell, paths, words)));
}

/** The native check of proofs; the verifier itself uses nothing of ours. */
const CHECKER = new URL('../../prover/proof-checker.js', import.meta.url).href;

/** Progress is shown only for more bundles than this: fewer take too little time. */
const MAX_WITHOUT_PROGRESS = 128;

async function verify(shell: Shell, paths: readonly string[], words: VerifyWords): Promise<void> {
  const { usualThreads, verifyCommand } = await import('@quietproof/verify/command/verify-command');
  const { model, anyModel, context, companion, opening, tolerance, recursive, json, input } = words;
  const { trust, statements, at } = words;
  const request: VerifyRequest = {
    paths,
    ...(model !== undefined && { models: model }),
    ...(anyModel && { anyModel }),
    ...(context !== undefined && { context }),
    ...(companion !== undefined && { companion }),
    ...(opening !== undefined && { opening }),
    ...(tolerance !== undefined && { tolerance }),
    ...(trust !== undefined && { trust }),
    ...(statements !== undefined && { statements }),
    ...(at !== undefined && { at }),
    ...(recursive && { recursive }),
    ...(json && { json }),
    ...(words.details && { details: true }),
    threads: usualThreads(),
    checker: CHECKER,
    ...(input !== undefined && { row: (form) => givenRow(input, form) }),
  };
  let progress: Progress | undefined;
  let accepted: string | undefined;
  const output: CommandOutput = {
    print: (line) => {
      progress?.clear();
      shell.print(line);
    },
    paint: shell.style,
    onPhase: (phase) => shell.phase(phase),
    appended: () => shell.timings,
    onFile: ({ file, verdict }, done, total) => {
      shell.log('verified', {
        file,
        outcome: verdict.outcome,
        accepted: verdict.accepted,
        code: verdict.code,
      });
      if (verdict.accepted) accepted ??= file;
      if (total <= MAX_WITHOUT_PROGRESS) return;
      progress ??= shell.progress('checked', total);
      progress.update(done);
      if (done === total) {
        progress.finish();
        progress = undefined;
      }
    },
  };
  shell.exit = await verifyCommand(request, output);
  if (shell.exit === EXIT.ok && !json && accepted?.endsWith('.proof.json'))
    shell.print(nextStep('receipt', accepted));
}

/** Data files are read only where they are needed. */
async function givenRow(text: string, input: InputReading): Promise<RowValue[]> {
  const { readGivenRow } = await import('../given-row.ts');
  return readGivenRow(text, input);
}
