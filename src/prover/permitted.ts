import { nativeError } from './native-backend.ts';
import type { NativeBinding } from './native-binding.ts';

/**
 * Runs native work that stops when the signal is aborted.
 *
 * @param file that the work reads, for errors
 * @throws QuietproofError for errors that a user can act on; the signal's reason when aborted
 */
export async function permitted<T>(
  binding: NativeBinding,
  file: string,
  signal: AbortSignal | undefined,
  work: (permit: number) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const permit = binding.issuePermit();
  const revoke = () => binding.revokePermit(permit);
  signal?.addEventListener('abort', revoke);
  try {
    return await work(permit);
  } catch (error) {
    signal?.throwIfAborted();
    throw nativeError(error, file);
  } finally {
    signal?.removeEventListener('abort', revoke);
    revoke();
  }
}
