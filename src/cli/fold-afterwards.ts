import type { Shell } from './shell.ts';

/**
 * After a command has reported that a key is ready: computes what makes its proofs faster, which can take minutes. Whether
 * that succeeds does not change the command's outcome.
 */
export async function foldAfterwards(shell: Shell, artifact: string): Promise<void> {
  const { foldArtifactKey } = await import('../setup/fold-key.ts');
  const signal = shell.interruptible();
  const onStart = () =>
    shell.note(
      'Making the key faster to prove with. Proofs can be made meanwhile; stopping this does no harm.',
    );
  try {
    if (await foldArtifactKey(artifact, { signal, onStart }))
      shell.note('Proofs with this key are now faster.');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    shell.warn(
      signal.aborted ? 'Stopped: proofs with this key stay slower' : `The key stays slower: ${reason}`,
    );
  }
}
