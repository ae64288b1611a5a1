import { type Command, Option } from 'commander';
import type { ConformanceOptions, SuiteName, SuiteResult } from '../../conformance/run-conformance.ts';
import { EXIT } from '../../errors/error-spec.ts';
import { plural } from '../../text/units.ts';
import { parseDuration } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import type { Style } from '../render/style.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ConformanceWords extends OutputOptions {
  readonly verifier?: string;
  readonly batch?: boolean;
  readonly suite?: SuiteName;
  readonly only?: string;
  readonly limit: number;
  readonly files?: string;
}

export function addConformance(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'conformance',
    summary: 'Test any verifier of the format, in any language, with our valid and invalid cases',
    details:
      'The verifier is a command that takes the files of a case and prints its verdict as a line of JSON; SPEC.md, section 7, says how. Without --verifier our own is tested.',
    examples: [
      'quietproof conformance',
      'quietproof conformance --verifier "python3 conformance.py" --batch',
      'quietproof conformance --verifier ./my-verifier --only points --files cases',
    ],
  })
    .option('--verifier <command>', 'how the verifier is started; quote the whole (default: our own)')
    .option('--batch', 'ask all cases in one process, with its subcommand batch')
    .addOption(
      new Option('--suite <name>', 'only the cases of one version of the format').choices(['v1', 'v2']),
    )
    .option('--only <id>', 'one class of cases, or one case')
    .option('--limit <time>', 'how long the verifier may take for an answer', parseDuration, 60)
    .option('--files <dir>', 'keep the files of the cases there')
    .action(onRun<ConformanceWords>(shell, (_operands, words) => conformance(shell, words)));
}

async function conformance(shell: Shell, words: ConformanceWords): Promise<void> {
  const { runConformance } = await import('../../conformance/run-conformance.ts');
  const verifier = await verifierOf(words);
  const { suite, only, files } = words;
  let progress: ReturnType<Shell['progress']> | undefined;
  const results = await runConformance({
    ...(suite !== undefined && { suite }),
    ...(only !== undefined && { only }),
    ...(files !== undefined && { files }),
    ...(verifier !== undefined && { verifier }),
    onProgress: (done, total) => {
      progress ??= shell.progress('asked', total);
      progress.update(done);
    },
  });
  progress?.finish();
  const conforms = results.every(({ wrong }) => wrong.length === 0);
  shell.result({ conforms, suites: results }, () => render(results, shell.style));
  shell.exit = conforms ? EXIT.ok : EXIT.notValid;
}

async function verifierOf(words: ConformanceWords): Promise<ConformanceOptions['verifier']> {
  if (words.verifier === undefined) return undefined;
  const { commandWords } = await import('../../conformance/command-words.ts');
  return { command: commandWords(words.verifier), batch: words.batch === true, limit: words.limit * 1000 };
}

function render(results: readonly SuiteResult[], style: Style): string {
  return results.flatMap((one) => renderSuite(one, style)).join('\n');
}

function renderSuite({ suite, cases, classes, wrong }: SuiteResult, style: Style): string[] {
  const [first, ...columns] = ['class', 'cases', 'invalid', 'wrong'] as const;
  const width = Math.max(first.length, ...classes.map(({ name }) => name.length)) + 2;
  const line = (name: string, numbers: readonly (string | number)[]) =>
    name.padEnd(width) + numbers.map((one) => `${one}`.padStart(9)).join('');
  const right = cases - wrong.length;
  const mark = wrong.length === 0 ? style.green('✓') : style.red('✗');
  return [
    style.dim(line(first, columns)),
    ...classes.map((one) => line(one.name, [one.cases, one.invalid, one.wrong])),
    ...wrong.flatMap(({ id, what, why }) => [style.red(`✗ ${id}: ${why}`), style.dim(`  ${what}`)]),
    `${mark} ${style.bold(suite)}  ${right} of ${plural(cases, 'answer')} right`,
    '',
  ];
}
