import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KEY_FILES } from '../artifact/file-names.ts';
import type { SetupReporter } from '../key/setup-progress.ts';
import type { BackendName } from '../prover/backend.ts';
import { chooseBackend } from '../prover/backends.ts';
import { nativeError } from '../prover/native-backend.ts';
import { nativeProver } from '../prover/native-binary.ts';
import type { NativeBinding } from '../prover/native-binding.ts';
import { thisMachine } from '../prover/worker-count.ts';
import { developmentSetup } from './development-setup.ts';
import type { ArtifactCircuit, KeyFiles } from './setup-files.ts';

export interface DevelopmentKeyOptions extends SetupReporter {
  /** Default: the native prover where it works, otherwise WebAssembly. */
  readonly backend?: BackendName;
}

export interface DevelopmentKey {
  readonly key: KeyFiles;
  /** What the user should know, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * A key from local randomness, made by the backend that will prove with it. Both backends write the same format.
 *
 * @throws QuietproofError QP5014, QP6301, QP6302, QP8001; the signal's reason when aborted
 */
export async function makeDevelopmentKey(
  circuit: ArtifactCircuit,
  options: DevelopmentKeyOptions,
): Promise<DevelopmentKey> {
  const { backend, warning } = chooseBackend(options.backend);
  const native = nativeProver();
  if (backend.name === 'native' && native.state === 'ready') {
    const key = await makeNatively(native.binding, circuit, options.signal);
    return { key, notes: ['Made by the native prover'] };
  }
  const notes = warning === undefined ? [] : [warning];
  return { key: { zkey: await developmentSetup(circuit.r1cs, options) }, notes };
}

/** The binary writes files, so it gets a temporary folder: a key enters an artifact only after all checks. */
async function makeNatively(
  binding: NativeBinding,
  circuit: ArtifactCircuit,
  signal: AbortSignal | undefined,
): Promise<KeyFiles> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-key-'));
  const file = path.join(folder, KEY_FILES.zkey);
  const permit = binding.issuePermit();
  const revoke = () => binding.revokePermit(permit);
  signal?.addEventListener('abort', revoke);
  try {
    await binding.developmentKey(circuit.bytes, file, thisMachine().cores, permit);
    return { zkey: await readFile(file), fold: await readFile(path.join(folder, KEY_FILES.fold)) };
  } catch (error) {
    signal?.throwIfAborted();
    throw nativeError(error, folder);
  } finally {
    signal?.removeEventListener('abort', revoke);
    revoke();
    await rm(folder, { recursive: true, force: true });
  }
}
