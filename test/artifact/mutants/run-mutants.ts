import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readArtifactFile } from '../../../src/artifact/artifact-file.ts';
import { KEY_FILES } from '../../../src/artifact/file-names.ts';
import { parseVerificationKey } from '../../../src/artifact/read-verification-key.ts';
import { readSetupFile } from '../../../src/artifact/setup-file.ts';
import { writeModelRecord } from '../../../src/bundle/batch-folder.ts';
import { asQuietproofError } from '../../../src/cli/known-error.ts';
import { EXIT } from '../../../src/errors/error-spec.ts';
import { recordOf } from '../../../src/setup/record-artifact.ts';
import type { Base } from './bases.ts';
import { COMMANDS, type CommandName } from './commands.ts';
import { type Mutant, makeMutant } from './make-mutant.ts';

/** What one mutant did. */
export interface Outcome {
  readonly mutant: Mutant;
  readonly seconds: number;
  /** The code of the error; missing if the command succeeded. */
  readonly code?: string;
  /** What is wrong, if something is. */
  readonly fault?: string;
}

/** Wall time, on a machine that may be busy with other things. */
const MAX_SECONDS = 10;

/** Results by what they are about: the first one of each is that of the unchanged artifact. */
export type Known = Map<string, string>;

const text = (value: unknown) =>
  JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));

/** Runs every command on the unchanged artifacts, which must succeed, and remembers the results. */
export async function runUnchanged(bases: readonly Base[], known: Known): Promise<void> {
  for (const base of bases) {
    for (const [name, command] of Object.entries(COMMANDS)) {
      if (name === 'setUp' || name === 'contribute') continue; // one makes another key, the other needs a ceremony
      const { about, result } = await command(base);
      remember(known, perBase(base, about), result);
    }
  }
}

const perBase = ({ name }: Base, about: string | undefined) => about && `${name}: ${about}`;

/** @returns what was known before, if it differs */
function remember(known: Known, about: string | undefined, result: unknown): string | undefined {
  if (about === undefined) return undefined;
  const [before, now] = [known.get(about), text(result)];
  if (before === undefined) known.set(about, now);
  return before === undefined || before === now ? undefined : `${about}: ${now} instead of ${before}`;
}

export async function runMutant(number: number, bases: readonly Base[], known: Known): Promise<Outcome> {
  const mutant = makeMutant(number, bases);
  const { base, files, command, digests } = mutant;
  const before =
    digests === 'recorded' && !files.has('model.json') ? () => recordAgain(base.folder) : undefined;
  const { outcome, seconds } = await runOn(base, files, command, { known, before });
  const slow = seconds > MAX_SECONDS ? { fault: `${seconds.toFixed(1)} s` } : {};
  return { mutant, seconds, ...outcome, ...(outcome.fault === undefined && slow) };
}

interface RunOptions {
  readonly known?: Known;
  /** Done with the files in place, before the command. */
  readonly before?: (() => Promise<unknown>) | undefined;
}

/** Runs a command on an artifact with some files replaced, and puts them back. */
export async function runOn(
  base: Base,
  files: ReadonlyMap<string, Buffer>,
  command: CommandName,
  { known = new Map(), before }: RunOptions = {},
): Promise<{ outcome: Pick<Outcome, 'code' | 'fault'>; seconds: number }> {
  const started = performance.now();
  let outcome: Pick<Outcome, 'code' | 'fault'> = {};
  try {
    for (const [name, bytes] of files) await writeFile(path.join(base.folder, name), bytes);
    await before?.();
    const { about, result } = await COMMANDS[command](base);
    const fault = remember(known, perBase(base, about), result);
    if (fault !== undefined) outcome = { fault };
  } catch (thrown) {
    const error = asQuietproofError(thrown);
    const isBug = error.code === 'QP9001' || error.exit === EXIT.internal;
    const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
    outcome = { code: error.code, ...(isBug && { fault: `${error.message}\n${stack}` }) };
  }
  const seconds = (performance.now() - started) / 1000;
  await restore(base, command, files);
  return { outcome, seconds };
}

/** Puts the files back, and removes what a command has added. */
async function restore(
  { folder, files }: Base,
  command: CommandName,
  changed: ReadonlyMap<string, Buffer>,
): Promise<void> {
  const rewritten =
    command === 'setUp' || command === 'contribute'
      ? [...files.keys()]
      : [...changed.keys(), 'model.json', 'manifest.json', 'soundness.json', 'circuit.prover-key'];
  for (const name of new Set(rewritten)) {
    const bytes = files.get(name);
    if (bytes !== undefined) await writeFile(path.join(folder, name), bytes);
  }
  for (const name of await readdir(folder)) {
    if (!files.has(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
}

export function describe({ mutant, seconds, code, fault }: Outcome): string {
  const { number, base, file, how, digests, command } = mutant;
  const place = `mutant ${number}: ${base.name}/${file}, ${how}, digests ${digests}, ${command}`;
  return `${place}: ${code ?? 'no error'}, ${seconds.toFixed(2)} s${fault === undefined ? '' : `\n  ${fault}`}`;
}

/** Writes model.json from the artifact's changed files, as setup does. */
async function recordAgain(folder: string): Promise<void> {
  const setup = await readSetupFile(folder);
  const key = await readArtifactFile(folder, KEY_FILES.verificationKey);
  if (setup === undefined || key === undefined) return;
  const model = await recordOf(folder, setup, parseVerificationKey(key));
  if (model !== undefined) await writeModelRecord(path.join(folder, KEY_FILES.model), model);
}
