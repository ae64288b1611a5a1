import type { TrustFinding } from '@quietproof/verify';
import type { Command } from 'commander';
import { formatBytes } from '../../text/units.ts';
import { collect } from '../arguments.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import type { Style } from '../render/style.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ReceiptWords extends OutputOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly trust?: string;
  readonly statements?: readonly string[];
}

export function addReceipt(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'receipt <bundle>',
    summary: 'Write a proof as one HTML file that anyone can open, and that checks itself offline',
    examples: [
      'quietproof receipt proofs/000003.proof.json',
      'quietproof receipt proofs/000003.proof.json --out receipt.html',
      'quietproof receipt proofs/000003.proof.json --trust trust.json --statements statements',
    ],
  })
    .option('--out <file>', 'output file (default: next to the bundle, named after it)')
    .option('--trust <trust>', 'name the parties of this trust.json in it; whoever gets it can read the file')
    .option(
      '--statements <statements>',
      'their signed statements, or a folder of them, to put into it; may be repeated',
      collect,
    )
    .option('--force', 'replace an existing file, but never the bundle itself')
    .action(onRun<ReceiptWords>(shell, ([bundle], words) => receipt(shell, bundle!, words)));
}

async function receipt(shell: Shell, bundle: string, words: ReceiptWords): Promise<void> {
  const { writeReceipt } = await import('../../export/receipt/write-receipt.ts');
  const written = await writeReceipt(bundle, words.out, words);
  const { file, size, verdict, told } = written;
  shell.result({ file, size, headline: verdict.headline, told }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(file)}  ${formatBytes(size)}`,
      `  ${verdict.headline}`,
      ...verdict.warnings.map((warning) => shell.style.yellow(`! ${warning}`)),
      ...(told === undefined ? [] : toldLines(told, shell.style)),
      '  Open it in a browser. Whoever gets it needs the model id from you, by another way.',
      nextStep('verify', file, { '--any-model': true }),
    ].join('\n'),
  );
}

/** What the receipt tells of those whom the sender names, what it lacks, and which statements were left out. */
function toldLines({ rules, statements }: TrustFinding, style: Style): string[] {
  const met = rules.filter((rule) => rule.met);
  const unmet = rules.filter((rule) => !rule.met);
  const leftOut = statements.filter(({ counts }) => !counts);
  return [
    ...met.map(
      ({ what, found }) => `  tells of ${what} by ${found.join(', ')}, by the keys of your trust file`,
    ),
    ...unmet.map(({ what, least, by }) =>
      style.yellow(`! only claimed: ${what}, for which ${least} of ${by.join(', ')} would have to sign`),
    ),
    ...leftOut.map(({ name, why }) => style.yellow(`! left out: ${name}: ${why}`)),
  ];
}
