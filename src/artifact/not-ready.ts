import path from 'node:path';
import type { SetupV2 } from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { artifactState } from './artifact-state.ts';
import { KEY_FILES } from './file-names.ts';

/**
 * Why nothing can be proved with an artifact's key yet, and which command comes next.
 *
 * @param setup undefined where there is no key
 * @returns QP6101 (nobody has contributed) or QP6102 (no key)
 */
export function notReady(artifact: string, setup: SetupV2 | undefined): QuietproofError {
  const { next, otherwise } = artifactState(artifact, setup);
  if (setup === undefined) {
    const fix = `Run \`${next}\` for a key that others can rely on, or, ${otherwise?.purpose}, \`${otherwise?.command}\``;
    return new QuietproofError('QP6102', { where: artifact, fix });
  }
  const hasBeacon = setup.kind === 'ceremony' && setup.contributions.length > 0;
  const why = hasBeacon
    ? 'there is only a beacon, whose secret everybody knows'
    : 'nobody has contributed to it, so anybody could forge proofs';
  const zkey = path.posix.join(artifact, KEY_FILES.zkey);
  return new QuietproofError('QP6101', {
    what: `The proving key still awaits a contribution: ${why}`,
    where: artifact,
    fix: `Run \`${next}\`, or have somebody else contribute to ${zkey} and then run \`${otherwise?.command}\``,
  });
}
