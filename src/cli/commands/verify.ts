import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { FileVerdict } from '../../bundle/verify-files.ts';
import { EXIT } from '../../errors/error-spec.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { addCommand, onRun } from '../command.ts';
import { plural } from '../render/units.ts';
import { renderVerdict, renderVerdictLine } from '../render/verdict.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface VerifyWords extends OutputOptions {
  readonly model?: string;
  readonly anyModel?: boolean;
  readonly context?: string;
  readonly input?: string;
  readonly opening?: string;
}

export function addVerify(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'verify <bundles...>',
    summary: 'Check proofs, offline, against the model you expect',
    details: 'Takes bundles and folders of them. Exits 0 only if all are valid and of that model.',
    examples: [
      'quietproof verify proofs --model artifacts/digits-mlp',
      'quietproof verify proofs/000003.proof.json --any-model --context "order 17"',
      'quietproof verify proofs/000003.proof.json --model artifacts/digits-mlp \\\n' +
        '      --input "models/digits-mlp/test.json#3" --opening proofs/private/000003.opening.json',
    ],
  })
    .option('--model <artifact|id>', 'the model you expect: its id, an artifact folder, or a model.json')
    .option('--any-model', 'accept any model; the verdict then says which one it was')
    .option('--context <text>', 'the context the proof must have been made for')
    .option(
      '--input <row>',
      'the input it must be about: JSON like [1,2], or a data file and row: test.json#3',
    )
    .option('--opening <file>', 'what opens the input digest: <out>/private/<row>.opening.json')
    .action(onRun<VerifyWords>(shell, (paths, words) => verify(shell, paths, words)));
}

async function verify(shell: Shell, paths: readonly string[], words: VerifyWords): Promise<void> {
  const { modelIdOf, verifyFiles } = await import('../../bundle/verify-files.ts');
  const verdicts: FileVerdict[] = [];
  const options = {
    ...(words.model !== undefined && { model: await modelIdOf(words.model) }),
    ...(words.anyModel && { anyModel: true }),
    ...(words.context !== undefined && { context: new TextEncoder().encode(words.context) }),
    ...(await inputQuestion(paths, words)),
  };
  for await (const found of verifyFiles(paths, options)) {
    verdicts.push(found);
    shell.log('verified', { file: found.file, accepted: found.verdict.accepted, code: found.verdict.code });
  }
  const accepted = verdicts.filter(({ verdict }) => verdict.accepted).length;
  shell.result({ accepted: accepted === verdicts.length, verdicts }, () => render(verdicts, accepted, shell));
  shell.exit = accepted === verdicts.length ? EXIT.ok : EXIT.notValid;
}

/** The row is read in the shape that the bundle's model takes. */
async function inputQuestion(paths: readonly string[], { input, opening }: VerifyWords) {
  if (input === undefined && opening === undefined) return {};
  const [{ bundleFiles, interfaceOf }, { readGivenRow }] = await Promise.all([
    import('../../bundle/verify-files.ts'),
    import('../given-row.ts'),
  ]);
  const files = await bundleFiles(paths);
  if (files.length !== 1) {
    throw new QuietproofError('QP1001', {
      what: `--input and --opening are about one proof, and ${files.length} were given`,
      fix: 'Pass the one bundle they belong to',
    });
  }
  const face = input === undefined ? undefined : await interfaceOf(files[0]!);
  return {
    input: {
      ...(input !== undefined && face !== undefined && { row: await readGivenRow(input, face.input.shape) }),
      ...(opening !== undefined && { opening: await readFile(opening) }),
    },
  };
}

function render(verdicts: readonly FileVerdict[], accepted: number, { style }: Shell): string {
  const [first] = verdicts;
  if (verdicts.length === 1 && first)
    return [renderVerdict(first.file, first.verdict, style), hint(verdicts)].join('\n').trimEnd();
  const warnings = new Set(verdicts.flatMap(({ verdict }) => verdict.warnings));
  const open = new Set(verdicts.flatMap(({ verdict }) => verdict.open));
  const valid = verdicts.filter(({ verdict }) => verdict.valid).length;
  const notes =
    open.size === 0 ? '' : `; ${[...open].map((question) => question.replaceAll('-', ' ')).join(', ')}`;
  const summary = `${plural(verdicts.length, 'proof')}: ${valid} valid, ${verdicts.length - valid} not${notes}`;
  return [
    ...verdicts.map(({ file, verdict }) => renderVerdictLine(file, verdict, style)),
    '',
    style.bold(accepted === verdicts.length ? style.green(summary) : summary),
    ...[...warnings].map((warning) => style.yellow(`! ${warning}`)),
    hint(verdicts),
  ]
    .join('\n')
    .trimEnd();
}

/** What to add when everything is valid but nobody said which model it should be. */
function hint(verdicts: readonly FileVerdict[]): string {
  const unpinned = verdicts.some(({ verdict }) => verdict.valid && !verdict.accepted);
  return unpinned
    ? '→ Say which model you expect: --model <artifact|id>, or accept any with --any-model'
    : '';
}
