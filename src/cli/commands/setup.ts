import path from 'node:path';
import { type Command, Option } from 'commander';
import type { ArtifactState } from '../../artifact/artifact-state.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BackendName } from '../../prover/backend.ts';
import type { SetupResult } from '../../setup/make-artifact-key.ts';
import type { SetupSource } from '../../setup/setup-source.ts';
import { formatBytes } from '../../text/units.ts';
import { collect, parseIterations } from '../arguments.ts';
import { backendOption } from '../backend-option.ts';
import { addCommand, onRun } from '../command.ts';
import { foldAfterwards } from '../fold-afterwards.ts';
import { nextLines } from '../render/next-lines.ts';
import type { OutputOptions, Shell } from '../shell.ts';

interface SetupWords extends OutputOptions {
  readonly dev?: boolean;
  readonly ptau?: string;
  readonly import?: string;
  readonly beacon?: string;
  readonly iterations?: number;
  readonly name?: string;
  readonly backend?: BackendName;
  readonly force?: boolean;
  readonly with?: readonly string[];
  readonly blind?: boolean;
  readonly signRequests?: string;
}

export function addSetup(program: Command, shell: Shell): void {
  addCommand(program, {
    usage: 'setup <artifact>',
    summary: 'Make the proving key: for development, or from a ceremony',
    details:
      'An existing key is replaced only with --force, or by what continues its ceremony: an imported key, or a beacon. ' +
      'After an interruption, run the same command again.',
    examples: [
      'quietproof setup artifacts/digits-mlp --dev',
      'quietproof setup artifacts/digits-mlp --ptau powersOfTau28_hez_final_12.ptau',
      'quietproof setup artifacts/digits-mlp --import contributed.zkey',
      'quietproof setup artifacts/digits-mlp --ptau powersOfTau28_hez_final_12.ptau \\\n' +
        '      --with https://ada.example/ --with https://watch.example/ --sign-requests bank.pem',
      'quietproof setup artifacts/digits-mlp --beacon 0123abcd --name "block 900000"',
    ],
  })
    .addOption(
      new Option(
        '--dev',
        'make a key from local randomness: only for testing, since its maker can forge proofs',
      ).conflicts(['ptau', 'import', 'beacon']),
    )
    .option('--ptau <ptau>', 'start phase 2 from this phase-1 file; then run `quietproof contribute`')
    .option(
      '--import <zkey>',
      'import a key that was contributed to elsewhere (with --ptau: checked against that file)',
    )
    .addOption(
      new Option(
        '--beacon <hex>',
        'end the ceremony with public randomness that nobody knew before the last contribution, e.g. a block hash',
      ).conflicts(['import']),
    )
    .option(
      '--iterations <n>',
      'hash the beacon 2^n times, 10 to 20: it cannot be computed ahead of time (default: 10)',
      parseIterations,
    )
    .option('--name <who>', 'name of the beacon, stored in the key (default: beacon)')
    .addOption(
      new Option(
        '--with <url>',
        'have a contributor service contribute, https://<host>/#<its key id>; may be repeated, in the order of contributions',
      )
        .argParser(collect)
        .conflicts(['dev', 'import']),
    )
    .option(
      '--blind',
      'with --with: send no more of the key than its divided points; weights can then still be guessed',
    )
    .option(
      '--sign-requests <pem>',
      'with --with: your private key, which the contributors know as a producer',
    )
    .option('--force', 'replace an existing key, which is kept in keys/<key id> in the artifact')
    .addOption(backendOption())
    .action(onRun<SetupWords>(shell, ([artifact], words) => setup(shell, artifact!, words)));
}

async function setup(shell: Shell, artifact: string, words: SetupWords): Promise<void> {
  if (words.with !== undefined) {
    const { setupWith } = await import('../setup-with.ts');
    return setupWith(shell, artifact, { ...words, with: words.with });
  }
  if (words.blind || words.signRequests !== undefined) {
    const fix = 'Add --with <url>';
    throw new QuietproofError('QP1001', {
      what: '--blind and --sign-requests are for contributor services',
      fix,
    });
  }
  const source = await sourceOf(artifact, words);
  const [{ setUpArtifact }, { artifactState }] = await Promise.all([
    import('../../setup/set-up-artifact.ts'),
    import('../../artifact/artifact-state.ts'),
  ]);
  shell.phase('read');
  const signal = shell.interruptible();
  const bar = shell.progress('making the key', 1, { percent: true });
  const result = await setUpArtifact(artifact, {
    source,
    signal,
    onProgress: (fraction) => bar.update(fraction),
    onPhase: (phase) => shell.phase(phase),
    ...(words.backend !== undefined && { backend: words.backend }),
    ...(words.force && { force: true }),
  }).finally(() => bar.clear());
  const { record, circuitId, zkeyBytes, kept, notes, model } = result;
  const reached = artifactState(artifact, record);
  const { state, next } = reached;
  const ids = model === undefined ? {} : { ids: model.ids };
  shell.result({ artifact, state, next, setup: record, circuitId, zkeyBytes, ...ids, kept, notes }, () =>
    render(artifact, result, reached, words, shell),
  );
  if (words.backend !== 'snarkjs') await foldAfterwards(shell, artifact);
}

async function sourceOf(artifact: string, words: SetupWords): Promise<SetupSource> {
  const { dev, ptau, import: zkey, beacon, iterations, name } = words;
  if (beacon !== undefined && ptau !== undefined) {
    throw new QuietproofError('QP1001', {
      what: 'A beacon comes after the contributions, and a phase-1 file before them',
      fix: 'Give one of --ptau and --beacon, or contributors between them with --with',
    });
  }
  if (beacon !== undefined) {
    const { parseBeacon } = await import('../../ceremony/beacon.ts');
    const source = { kind: 'beacon', beacon: parseBeacon(beacon, iterations) } as const;
    return { ...source, ...(name !== undefined && { name }) };
  }
  if (iterations !== undefined || name !== undefined) {
    throw new QuietproofError('QP1001', {
      what: '--iterations and --name are for a beacon',
      fix: 'Add --beacon <hex>; a contributor gives a name with quietproof contribute --name',
    });
  }
  if (dev) return { kind: 'development' };
  if (zkey !== undefined) return { kind: 'import', file: zkey, ...(ptau !== undefined && { ptau }) };
  if (ptau !== undefined) return { kind: 'ptau', file: ptau };
  throw await noSource(artifact);
}

/** Without a source, the command says where the artifact stands. */
async function noSource(artifact: string): Promise<QuietproofError> {
  const { readArtifactState } = await import('../../artifact/artifact-state.ts');
  const { words, next, otherwise } = await readArtifactState(artifact);
  const other = otherwise === undefined ? '' : ` or, ${otherwise.purpose}, \`${otherwise.command}\``;
  return new QuietproofError('QP1001', {
    what: `setup needs to know where the key comes from; the artifact ${words}`,
    where: artifact,
    fix: `Go on with \`${next}\`${other}`,
  });
}

function render(
  artifact: string,
  result: SetupResult,
  reached: ArtifactState,
  { backend }: SetupWords,
  { style }: Shell,
): string {
  const { state, zkeyBytes, kept, notes, model } = result;
  const withBackend = backend === undefined || state !== 'ready' ? '' : ` --backend ${backend}`;
  return [
    `${style.green('✓')} ${style.bold(`${artifact} ${reached.words}`)}, proving key ${formatBytes(zkeyBytes)}`,
    ...(model === undefined ? [] : [`  model id  ${model.ids.modelId}`]),
    ...(kept === undefined ? [] : [`  the previous key is kept in ${path.posix.join(artifact, kept)}`]),
    ...notes.map((note) => `  ${style.dim(note)}`),
    ...nextLines({ ...reached, next: `${reached.next}${withBackend}` }),
  ].join('\n');
}
