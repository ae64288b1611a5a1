import { type ContributionStatement, circuitId } from '@quietproof/verify';
import { carrierKey, pointsOfCarrier } from '../../ceremony/carrier-key.ts';
import { checkCeremonyKey } from '../../ceremony/check-ceremony-key.ts';
import { checkH } from '../../ceremony/check-h.ts';
import { contribute } from '../../ceremony/contribute.ts';
import { pointSetOf } from '../../ceremony/point-set.ts';
import type { RoundRequest } from '../../ceremony/rounds/round-types.ts';
import { contributionStatement, type SeenKey } from '../../ceremony/sign-contribution.ts';
import { readPoints } from '../../formats/points-file.ts';
import { readR1cs } from '../../formats/r1cs.ts';
import { readZkey } from '../../formats/zkey.ts';
import { contributorFor } from '../../setup/contributor.ts';
import type { SigningKey } from '../../sign/signing-key.ts';

/** The files of a round, and what it is to be compared with. */
export interface RoundWork {
  readonly request: RoundRequest;
  readonly file: Uint8Array;
  readonly r1cs?: Uint8Array;
  /** Path of the phase-1 file. */
  readonly ptau?: string;
}

export interface MadeContribution {
  readonly returned: Uint8Array;
  readonly statement: ContributionStatement;
}

/**
 * Checks what a producer sent, contributes to it with a fresh secret, which is forgotten, and says what it did. The result
 * leaves the process nowhere: the caller makes it durable first.
 *
 * @throws QuietproofError QP5001–QP5005, QP5011, QP5013, QP5014, QP5021, QP5022, QP5024, QP5032
 */
export async function workOnRound(work: RoundWork, name: string, key: SigningKey): Promise<MadeContribution> {
  const { request, file } = work;
  const label = request.kind === 'key' ? 'the key' : 'the points';
  const before = request.kind === 'key' ? file : carrierKey(readPoints(file, label));
  const seen = await compare(work, before, label);
  const made = await contribute(before, name, label, contributorFor(label));
  const received = pointSetOf(readZkey(before, label));
  const statement = contributionStatement(readZkey(made, label), {}, key, { ...seen, received });
  return { returned: request.kind === 'key' ? made : pointsOfCarrier(made), statement };
}

async function compare({ r1cs, ptau }: RoundWork, before: Uint8Array, label: string): Promise<SeenKey> {
  if (ptau === undefined) return {};
  if (r1cs === undefined) {
    await checkH(readZkey(before, label), ptau, label);
    return {};
  }
  const circuit = readR1cs(r1cs, 'circuit.r1cs');
  const { phase1 } = await checkCeremonyKey({
    key: before,
    file: label,
    r1cs: circuit,
    r1csBytes: r1cs,
    ptau,
  });
  return { checked: { circuitId: circuitId(r1cs), phase1 } };
}
