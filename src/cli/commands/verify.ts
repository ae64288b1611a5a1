import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { FileVerdict } from '../../bundle/verify-files.ts';
import { EXIT, type ExitCode } from '../../errors/error-spec.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { parseTolerance } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { renderVerdict } from '../render/verdict.ts';
import { renderVerdicts, summarize } from '../render/verdicts.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface VerifyWords extends OutputOptions {
  readonly model?: string;
  readonly anyModel?: boolean;
  readonly context?: string;
  readonly input?: string;
  readonly opening?: string;
  readonly tolerance?: number;
}

export function addVerify(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'verify <bundles...>',
    summary: 'Check proofs, offline, against the model you expect',
    details: 'Takes bundles and folders of bundles. Exits 0 only if all are valid and of that model.',
    examples: [
      'quietproof verify proofs --model artifacts/digits-mlp',
      'quietproof verify proofs/000003.proof.json --any-model --context "order 17"',
      'quietproof verify proofs/000003.proof.json --model artifacts/digits-mlp \\\n' +
        '      --input "models/digits-mlp/test.json#3" --opening proofs/private/000003.opening.json',
    ],
  })
    .option('--model <artifact|id>', 'the model you expect: its id, an artifact folder, or a model.json')
    .option('--any-model', 'accept any model; the verdict says which one it is')
    .option('--context <text>', 'the context the proof must have been made for')
    .option('--input <row>', 'the input it must be for: JSON like [1,2], or a data file and row: test.json#3')
    .option('--opening <file>', 'the opening of the input digest: <out>/private/<row>.opening.json')
    .option(
      '--tolerance <steps>',
      'how far the input may be from the proved one, in steps: 0 to 0.5',
      parseTolerance,
    )
    .action(onRun<VerifyWords>(shell, (paths, words) => verify(shell, paths, words)));
}

/** Progress is shown only for more bundles than this: fewer take too little time. */
const MAX_WITHOUT_PROGRESS = 128;

async function verify(shell: Shell, paths: readonly string[], words: VerifyWords): Promise<void> {
  const { bundleFiles, modelIdOf, verifyFiles } = await import('../../bundle/verify-files.ts');
  const options = {
    ...(words.model !== undefined && { model: await modelIdOf(words.model) }),
    ...(words.anyModel && { anyModel: true }),
    ...(words.context !== undefined && { context: new TextEncoder().encode(words.context) }),
    ...(await inputQuestion(paths, words)),
  };
  const single = paths.length === 1 && !(await stat(paths[0]!)).isDirectory();
  const files = await bundleFiles(paths);
  const progress = files.length > MAX_WITHOUT_PROGRESS ? shell.progress('checked', files.length) : undefined;
  const verdicts: FileVerdict[] = [];
  for await (const found of verifyFiles(files, options)) {
    verdicts.push(found);
    progress?.update(verdicts.length);
    shell.log('verified', { file: found.file, accepted: found.verdict.accepted, code: found.verdict.code });
    if (!single) shell.line(found);
  }
  progress?.finish();
  const { accepted, ...summary } = await summarize(verdicts);
  if (single) shell.result({ accepted, verdicts }, () => renderSingle(verdicts[0]!, shell));
  else
    shell.lastLine({ accepted, summary }, () =>
      [...renderVerdicts(verdicts, summary, shell.style), hint(verdicts)].join('\n').trimEnd(),
    );
  shell.exit = exitOf(verdicts);
}

/** One proof that is not valid decides; else one that could not be checked. */
function exitOf(verdicts: readonly FileVerdict[]): ExitCode {
  if (verdicts.every(({ verdict }) => verdict.accepted)) return EXIT.ok;
  const decided = verdicts.some(({ verdict }) => !verdict.accepted && verdict.outcome !== 'incomplete');
  return decided ? EXIT.notValid : EXIT.badInput;
}

function renderSingle(found: FileVerdict, { style }: Shell): string {
  return [renderVerdict(found.file, found.verdict, style), hint([found])].join('\n').trimEnd();
}

/** Reads the row in the shape of the model's input, which comes from the bundle. */
async function inputQuestion(paths: readonly string[], { input, opening, tolerance }: VerifyWords) {
  if (input === undefined && opening === undefined) {
    if (tolerance === undefined) return {};
    const fix = 'Pass the row with --input, or the opening with --opening';
    throw new QuietproofError('QP1001', { what: '--tolerance needs an input to measure', fix });
  }
  const [{ bundleFiles, interfaceOf }, { readGivenRow }] = await Promise.all([
    import('../../bundle/verify-files.ts'),
    import('../given-row.ts'),
  ]);
  const files = await bundleFiles(paths);
  if (files.length !== 1) {
    throw new QuietproofError('QP1001', {
      what: `--input and --opening apply to one proof, and ${files.length} were given`,
      fix: 'Pass only the bundle that they belong to',
    });
  }
  const modelInterface = input === undefined ? undefined : await interfaceOf(files[0]!);
  return {
    input: {
      ...(input !== undefined &&
        modelInterface !== undefined && { row: await readGivenRow(input, modelInterface.input) }),
      ...(opening !== undefined && { opening: await readFile(opening) }),
    },
    ...(tolerance !== undefined && { tolerance }),
  };
}

/** Tells the user to name a model if proofs are valid but no model was named. */
function hint(verdicts: readonly FileVerdict[]): string {
  const unpinned = verdicts.some(({ verdict }) => verdict.valid && !verdict.accepted);
  return unpinned
    ? '→ Say which model you expect: --model <artifact|id>, or accept any with --any-model'
    : '';
}
