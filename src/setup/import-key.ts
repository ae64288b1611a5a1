import path from 'node:path';
import type { CeremonySetup } from '@quietproof/verify';
import { KEPT_KEYS, KEY_FILES } from '../artifact/file-names.ts';
import { readSetupFile } from '../artifact/setup-file.ts';
import { type CeremonyKey, ceremonySetup } from '../ceremony/ceremony-setup.ts';
import { checkEarlierKey, checkImportedKey } from '../ceremony/import-key.ts';
import { type KeyStage, stageOf } from '../ceremony/key-stage.ts';
import { ceremonyRecord } from '../ceremony/transcript.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey } from '../formats/zkey.ts';
import { keyCheckerFor } from './key-checker-for.ts';
import { preparerFor } from './preparer.ts';
import { type ArtifactCircuit, readKeyFile } from './setup-files.ts';
import type { MadeKey, MakeKeyOptions, SetupSource } from './setup-source.ts';

type ImportSource = Extract<SetupSource, { kind: 'import' }>;

/** A key that an imported one is compared with. */
interface Reference {
  readonly zkey: Uint8Array;
  readonly ptau?: CeremonySetup['ptau'];
  readonly stage: KeyStage;
}

/**
 * Takes a key that was made elsewhere, at any stage of its ceremony. It must continue the key that the artifact has or, if
 * a phase-1 file is given, the one that follows from that. With `force` it may also be an earlier stage, or of another
 * ceremony for this circuit.
 *
 * @throws QuietproofError QP5013, QP5021, QP5024, QP5032, QP5039 (an earlier stage), QP500x (the phase-1 file)
 */
export async function importKey(
  folder: string,
  circuit: ArtifactCircuit,
  { file, ptau }: ImportSource,
  options: MakeKeyOptions,
): Promise<MadeKey> {
  const bytes = await readKeyFile(file);
  const reference =
    ptau === undefined
      ? await ownKey(folder, bytes, file, options.force === true)
      : { ...(await firstKey(circuit, ptau, options)), stage: 'continues' as const };
  const zkey =
    reference?.stage === 'earlier'
      ? await checkEarlierKey(bytes, circuit.r1cs, reference.zkey, file, keyCheckerFor(file))
      : await checkImportedKey(bytes, circuit.r1cs, reference?.zkey, file, keyCheckerFor(file));
  const made = ceremonyRecord(zkey, reference?.ptau);
  const unchecked =
    'The key was not compared with its ceremony: neither its first key nor its phase-1 file was given';
  const notes = reference === undefined ? [...made.notes, unchecked] : made.notes;
  return { ...made, key: { zkey: bytes }, notes };
}

function firstKey(
  { r1cs, bytes }: ArtifactCircuit,
  ptau: string,
  options: MakeKeyOptions,
): Promise<CeremonyKey> {
  return ceremonySetup(r1cs, bytes, ptau, options, preparerFor());
}

/** The artifact's own key, if a key from elsewhere is to be compared with it. */
async function ownKey(
  folder: string,
  imported: Uint8Array,
  file: string,
  force: boolean,
): Promise<Reference | undefined> {
  const existing = await readSetupFile(folder).catch((error: unknown) => {
    if (force && error instanceof QuietproofError) return undefined;
    throw error;
  });
  if (existing?.record.kind !== 'ceremony') return undefined;
  const { ptau } = existing.record;
  const zkey = await readKeyFile(path.join(folder, KEY_FILES.zkey));
  const own = readZkey(zkey, KEY_FILES.zkey);
  const stage = stageOf(own, readZkey(imported, file));
  if (force && stage === 'apart') return undefined;
  if (!force && stage === 'earlier') {
    const { contributions } = own.transcript;
    throw new QuietproofError('QP5039', {
      what: `The key is an earlier stage of this artifact's ceremony, which has ${contributions.length} contributions`,
      where: file,
      fix: `Add --force to go back to it; the later key is then kept in ${KEPT_KEYS}/`,
    });
  }
  return { zkey, stage, ...(ptau !== undefined && { ptau }) };
}
