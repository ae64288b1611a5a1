import type { Command } from 'commander';
import type { PackedFile, UnpackedFiles } from '../../bundle/pack-files.ts';
import { plural } from '../../text/units.ts';
import { addCommand, explainUsageErrors, onRun } from '../command.ts';
import { nextStep } from '../next-step.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface PackWords extends OutputOptions {
  readonly out?: string;
  readonly companion?: string;
  readonly recursive?: boolean;
  readonly force?: boolean;
}

interface UnpackWords extends OutputOptions {
  readonly out: string;
  readonly recursive?: boolean;
  readonly force?: boolean;
}

export function addBundle(program: Command, shell: Shell): void {
  const group = explainUsageErrors(program.command('bundle'))
    .summary('Make a proof self-contained, to send it to somebody, or take it apart again')
    .description('A thin bundle needs the model.json of its batch beside it; a packed one contains it.');
  addPack(group, shell);
  addUnpack(group, shell);
}

function addPack(group: Command, shell: Shell): void {
  addCommand(group, {
    usage: 'pack <bundles...>',
    summary: 'Put the model record into bundles, so that each can be checked by itself',
    details: 'Takes bundles and folders of bundles. Their proofs are not checked.',
    examples: [
      'quietproof bundle pack proofs/000003.proof.json',
      'quietproof bundle pack proofs --out packed',
    ],
  })
    .option('--out <path>', 'for one bundle, a file (default: <name>.packed.json beside it); else a folder')
    .option('--companion <record>', 'the model.json of the bundles, if it is not beside them')
    .option('-r, --recursive', 'search the folders in folders too')
    .option('--force', 'replace existing files, but never the bundles themselves')
    .action(onRun<PackWords>(shell, (paths, words) => pack(shell, paths, words)));
}

function addUnpack(group: Command, shell: Shell): void {
  addCommand(group, {
    usage: 'unpack <bundles...>',
    summary: 'Write packed bundles as thin ones with one model.json',
    details: 'Takes bundles, receipts and folders of bundles of one model. Their proofs are not checked.',
    examples: ['quietproof bundle unpack 000003.packed.json --out proofs'],
  })
    .requiredOption('--out <dir>', 'folder for the bundles and model.json')
    .option('-r, --recursive', 'search the folders in folders too')
    .option('--force', 'replace existing bundles')
    .action(onRun<UnpackWords>(shell, (paths, words) => unpack(shell, paths, words)));
}

async function pack(shell: Shell, paths: readonly string[], words: PackWords): Promise<void> {
  const { packFiles } = await import('../../bundle/pack-files.ts');
  const packed = await packFiles(paths, words);
  shell.result({ packed }, () => renderPacked(packed, shell));
}

function renderPacked(packed: readonly PackedFile[], { style }: Shell): string {
  const copied = packed.filter(({ wasPacked }) => wasPacked).length;
  const [only] = packed;
  const what = packed.length === 1 && only !== undefined ? only.file : plural(packed.length, 'packed bundle');
  return [
    `${style.green('✓')} ${style.bold(what)}${copied === 0 ? '' : ` (${plural(copied, 'bundle')} had the record already)`}`,
    ...(packed.length === 1 && only !== undefined
      ? [nextStep('verify', only.file, { '--any-model': true })]
      : []),
  ].join('\n');
}

async function unpack(shell: Shell, paths: readonly string[], { out, ...words }: UnpackWords): Promise<void> {
  const { unpackFiles } = await import('../../bundle/pack-files.ts');
  const unpacked = await unpackFiles(paths, out, words);
  shell.result(unpacked, () => renderUnpacked(unpacked, out, shell));
}

function renderUnpacked({ bundles }: UnpackedFiles, out: string, { style }: Shell): string {
  return [
    `${style.green('✓')} ${style.bold(`${plural(bundles.length, 'bundle')} and model.json in ${out}`)}`,
    nextStep('verify', out, { '--any-model': true }),
  ].join('\n');
}
