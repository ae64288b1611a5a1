import type { Command } from 'commander';
import { parseRowRange, selectedRows } from '../../data/row-range.ts';
import type { BatchReport } from '../../prove/batch-report.ts';
import type { BackendName } from '../../prover/backend.ts';
import { formatBytes, formatDuration, formatRate, plural } from '../../text/units.ts';
import { parseWorkers } from '../arguments.ts';
import { backendOption } from '../backend-option.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import type { Progress } from '../render/progress.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ProveWords extends OutputOptions {
  readonly inputs: string;
  readonly out: string;
  readonly rows?: string;
  readonly workers?: number;
  readonly backend?: BackendName;
  readonly context?: string;
  readonly uniqueContext?: boolean;
  readonly clampInputs?: boolean;
  readonly pack?: boolean;
  readonly paranoid?: boolean;
}

export function addProve(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'prove <artifact>',
    summary: 'Prove the outputs of the model for rows of data',
    details: 'After an interruption, run the same command again: finished rows are kept.',
    examples: [
      'quietproof prove artifacts/digits-mlp --inputs models/digits-mlp/test.json --rows 0-9 --out proofs',
      'quietproof prove artifacts/digits-mlp --inputs order.json --out proofs --context "order 17"',
    ],
  })
    .requiredOption('--inputs <data>', 'rows: .json, .npy or .csv')
    .requiredOption('--out <dir>', 'folder for the proofs; finished rows in it are kept')
    .option('--rows <a-b>', 'only these rows, counted from 0, both ends included')
    .option(
      '--workers <n>',
      'proofs at a time (default: depends on cores and memory); with 1, each proof uses all cores',
      parseWorkers,
    )
    .addOption(backendOption())
    .option('--context <text>', 'bind the proofs to this text, e.g. an order number or a nonce')
    .option(
      '--unique-context',
      'also bind each proof to random bytes, so that equal rows make different records',
    )
    .option('--pack', 'write bundles that contain the model record, each of which can be sent by itself')
    .option('--clamp-inputs', 'clamp values outside the input range instead of refusing them')
    .option('--paranoid', "hash the artifact's files even if the system says that they are unchanged")
    .action(onRun<ProveWords>(shell, ([artifact], words) => prove(shell, artifact!, words)));
}

async function prove(shell: Shell, artifactDir: string, words: ProveWords): Promise<void> {
  const [{ readRowsUpTo }, { proveBatch }, { artifactInput }] = await Promise.all([
    import('../../data/read-rows-up-to.ts'),
    import('../../prove/batch.ts'),
    import('../../artifact/provable-artifact.ts'),
  ]);
  shell.phase('rows');
  const signal = shell.interruptible();
  const range = words.rows === undefined ? undefined : parseRowRange(words.rows);
  const data = await readRowsUpTo(words.inputs, await artifactInput(artifactDir), range?.last);
  for (const note of data.notes) shell.note(note);
  const rows = selectedRows(range, data.rows.length).map((index) => ({ index, values: data.rows[index]! }));
  let bar: Progress | undefined;
  const report = await proveBatch({
    artifactDir,
    rows,
    outDir: words.out,
    signal,
    onWarning: (warning) => shell.warn(warning),
    onPhase: (phase) => shell.phase(phase),
    onProgress: ({ done, total, row }) => {
      bar ??= shell.progress('proved', total, { done });
      bar.update(done);
      if (row === undefined) return;
      shell.worked({ ...row.milliseconds });
      shell.log('proved', { row: row.index, file: row.file, milliseconds: row.milliseconds });
    },
    ...(words.context !== undefined && { context: new TextEncoder().encode(words.context) }),
    ...(words.workers !== undefined && { workers: words.workers }),
    ...(words.backend !== undefined && { backend: words.backend }),
    ...(words.uniqueContext && { uniqueContext: true }),
    ...(words.clampInputs && { clampInputs: true }),
    ...(words.pack && { pack: true }),
    ...(words.paranoid && { paranoid: true }),
  }).finally(() => bar?.finish());
  shell.result(report, () => render(artifactDir, report, words, shell));
}

function render(artifactDir: string, report: BatchReport, words: ProveWords, { style }: Shell): string {
  const kept = report.kept === 0 ? '' : ` (${report.kept} more existed already)`;
  const { workers, workersLimitedBy: limit, clamped } = report;
  const why = limit === 'memory' ? ', limited by memory' : '';
  const backend = report.engine === undefined ? report.backend : `${report.backend} (${report.engine})`;
  const memory = `peak memory ${formatBytes(report.peakMemory)}, ${formatBytes(report.keyMemory)} of it the key`;
  return [
    `${style.green('✓')} ${style.bold(`${plural(report.proved, 'proof')} in ${report.folder}`)}${kept}`,
    ...(report.proved === 0
      ? []
      : [
          `  ${formatDuration(report.seconds)}, ${formatRate(report.proofsPerSecond)} proofs/s with ${backend} in ` +
            `${plural(workers, 'worker')}${why}; ${memory}`,
        ]),
    ...(clamped.length === 0
      ? []
      : [style.yellow(`! clamped to the input range: rows ${clamped.join(', ')}`)]),
    nextStep('verify', report.folder, { '--model': artifactDir, '--context': words.context }),
  ].join('\n');
}
