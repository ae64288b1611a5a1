import type { Command } from 'commander';
import type { WrittenArchive } from '../../export/archive/write-archive.ts';
import { formatBytes, plural } from '../../text/units.ts';
import { addCommand, onRun } from '../command.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ArchiveWords extends OutputOptions {
  readonly out?: string;
  readonly openings?: boolean;
  readonly force?: boolean;
}

export function addArchive(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'archive <folder>',
    summary: 'Pack proofs into one file that can be checked in ten years, without us',
    details:
      'A zip with the proofs and records of a folder and those in it, a manifest of digests, a verifier in Python, a page, the specification, and a text that says how to check it. Every proof is checked first; those that are not valid are named, and packed all the same.',
    examples: ['quietproof archive proofs', 'quietproof archive proofs --out 2026-11.zip --openings'],
  })
    .option('--out <file>', 'output file (default: <folder>.archive.zip, beside the folder)')
    .option('--openings', 'take the openings in private/ too: they contain the inputs')
    .option('--force', 'replace an existing file')
    .action(onRun<ArchiveWords>(shell, ([folder], words) => archive(shell, folder!, words)));
}

async function archive(shell: Shell, folder: string, words: ArchiveWords): Promise<void> {
  const { writeArchive } = await import('../../export/archive/write-archive.ts');
  const written = await writeArchive(folder, words.out, words);
  shell.result(written, () => render(written, shell));
}

/** Files that were left out, named one by one up to here. */
const NAMED = 5;

function render({ file, size, records, leftOut }: WrittenArchive, { style }: Shell): string {
  const { bundles, models, notValid } = records;
  const rest = leftOut.length > NAMED ? [`  … and ${leftOut.length - NAMED} more; --json lists them`] : [];
  return [
    `${style.green('✓')} ${style.bold(file)}  ${formatBytes(size)}`,
    `  ${plural(bundles, 'proof')}, ${bundles - notValid.length} valid, of ${plural(models.length, 'model')}`,
    ...models.map(({ modelId, bundles: count }) => `  model ${modelId}  ${count}`),
    ...notValid.map(({ path, why }) => style.yellow(`! ${path}: ${why}`)),
    ...(leftOut.length === 0 ? [] : ['  not in it:']),
    ...leftOut.slice(0, NAMED).map(({ path, why }) => style.dim(`  ${path}: ${why}`)),
    ...rest,
    '  HOW-TO-CHECK.txt in it says how anyone checks it. Give them the model ids by another way.',
  ].join('\n');
}
