import { access } from 'node:fs/promises';
import path from 'node:path';
import { KEY_FILES } from '../artifact/file-names.ts';
import { readSetupFile } from '../artifact/setup-file.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeProver } from '../prover/native-binary.ts';
import { permitted } from '../prover/permitted.ts';
import { thisMachine } from '../prover/worker-count.ts';
import { readCircuit } from './setup-files.ts';

export interface FoldOptions {
  readonly signal?: AbortSignal;
  /** Called when there is something to compute, before it is computed: from an instant to minutes. */
  readonly onStart?: () => void;
}

/**
 * Gives a ready ceremony key the points that save the native prover two of its six transforms; a development key has
 * them from its maker. Proofs can be made before and meanwhile, and are the same. An interruption leaves no trace.
 *
 * The artifact is not locked. If its key is replaced meanwhile, the points name the old key, and provers ignore them.
 *
 * @returns whether points were added; not without the native prover, for a key that is not ready, or if it has them
 * @throws QuietproofError QP5011, QP5013, QP5033, QP6302, QP8001; the signal's reason when aborted
 */
export async function foldArtifactKey(
  folder: string,
  { signal, onStart }: FoldOptions = {},
): Promise<boolean> {
  const native = nativeProver();
  if (native.state !== 'ready' || chooseBackend().backend.name !== 'native') return false;
  const setup = await readSetupFile(folder);
  if (setup?.record.kind !== 'ceremony' || setup.state !== 'ready') return false;
  const zkey = path.join(folder, KEY_FILES.zkey);
  const isThere = (name: string) =>
    access(path.join(folder, name)).then(
      () => true,
      () => false,
    );
  if (!(await isThere(KEY_FILES.zkey)) || (await isThere(KEY_FILES.fold))) return false;
  const { bytes } = await readCircuit(folder);
  onStart?.();
  const { cores } = thisMachine();
  await permitted(native.binding, zkey, signal, (permit) =>
    native.binding.foldKey(bytes, zkey, cores, permit),
  );
  return true;
}
