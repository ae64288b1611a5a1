import type { Command } from 'commander';
import { formatBytes } from '../../text/units.ts';
import { addCommand, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface ReceiptWords extends OutputOptions {
  readonly out?: string;
  readonly force?: boolean;
}

export function addReceipt(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'receipt <bundle>',
    summary: 'Write a proof as one HTML file that anyone can open, and that checks itself offline',
    examples: [
      'quietproof receipt proofs/000003.proof.json',
      'quietproof receipt proofs/000003.proof.json --out receipt.html',
    ],
  })
    .option('--out <file>', 'output file (default: next to the bundle, named after it)')
    .option('--force', 'replace an existing file, but never the bundle itself')
    .action(onRun<ReceiptWords>(shell, ([bundle], words) => receipt(shell, bundle!, words)));
}

async function receipt(shell: Shell, bundle: string, words: ReceiptWords): Promise<void> {
  const { writeReceipt } = await import('../../export/receipt/write-receipt.ts');
  const written = await writeReceipt(bundle, words.out, words);
  const { file, size, verdict } = written;
  shell.result({ file, size, headline: verdict.headline }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(file)}  ${formatBytes(size)}`,
      `  ${verdict.headline}`,
      ...verdict.warnings.map((warning) => shell.style.yellow(`! ${warning}`)),
      '  Open it in a browser. Whoever gets it needs the model id from you, by another way.',
      nextStep('verify', file, { '--any-model': true }),
    ].join('\n'),
  );
}
