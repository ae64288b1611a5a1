import { Refusal } from '@quietproof/verify/log';
import { type CheckedRound, checkRound, parseBeaconInfo, parseRound } from '@quietproof/verify/seal';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { BeaconRounds } from './draw-again.ts';

/**
 * Rounds of a beacon that were kept in a file: `{"info": …, "rounds": […]}`, each as a node of drand answers it.
 *
 * @param name for messages
 * @throws QP6545
 */
export function beaconInFile(name: string, source: string): BeaconRounds {
  try {
    const { info, rounds } = JSON.parse(source) as { readonly info?: unknown; readonly rounds?: unknown };
    if (!Array.isArray(rounds)) throw new SyntaxError('there is no list of rounds');
    const chain = parseBeaconInfo(JSON.stringify(info ?? null));
    const found = new Map<number, CheckedRound>();
    for (const one of rounds) {
      const round = checkRound(chain, parseRound(JSON.stringify(one)));
      found.set(round.round, round);
    }
    return { chain, round: async (number) => found.get(number) };
  } catch (error) {
    if (error instanceof Refusal) {
      const what = `${error.code} ${error.what}`;
      throw new QuietproofError('QP6545', { what, where: name, cause: error });
    }
    if (!(error instanceof SyntaxError)) throw error;
    throw new QuietproofError('QP6545', { where: name, cause: error });
  }
}
