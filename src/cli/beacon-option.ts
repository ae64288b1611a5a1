import type { BeaconRounds } from '../log/examine/draw-again.ts';
import { openBeacon } from './seal-options.ts';

/**
 * The rounds of a drand chain: of a node, by its URL, which ends in the hash of the chain, or of a file with
 * `{"info", "rounds"}`.
 *
 * @throws QP6545, QP6591; the error of the system
 */
export async function beaconAt(address: string): Promise<BeaconRounds> {
  if (/^https?:\/\//.test(address)) return openBeacon(address);
  const [{ beaconInFile }, { readNamed }] = await Promise.all([
    import('../log/examine/beacon-file.ts'),
    import('@quietproof/verify/command/read-source'),
  ]);
  return beaconInFile(address, new TextDecoder().decode(await readNamed(address)));
}
