import type { SetupContribution, SetupRecord } from '../interface/model-interface.ts';
import { canonicalJson } from '../json/canonical-json.ts';
import type { VerificationKeyJson } from '../key/key-types.ts';
import { Refusal } from '../refusal.ts';
import { checkChain } from './check-chain.ts';
import { contributionHash } from './contribution-bytes.ts';
import { checkPhase1 } from './phase-1.ts';
import { parseTranscript } from './read-transcript.ts';
import type { Contribution } from './transcript-types.ts';

/** What the transcript of a ceremony key shows. It is no reason to trust the key (SPEC.md, section 21). */
export interface ShownChain {
  /** Contributions whose secret was known to whoever made them, beacons not counted. */
  readonly contributions: number;
  /** Contributions that follow from the bytes that they name. */
  readonly beacons: number;
  /** The published phase 1 whose α and β the key has. */
  readonly phase1?: string;
}

/**
 * Checks the transcript of a ceremony key whose own points have been checked.
 *
 * @param content of the sidecar that the setup names by digest
 * @throws Refusal QP7180 to QP7190
 */
export function checkTranscript(
  content: Uint8Array,
  { ptau, contributions }: Pick<SetupRecord, 'ptau' | 'contributions'>,
  key: VerificationKeyJson,
): ShownChain {
  const transcript = parseTranscript(content);
  requireSame(transcript.phase1 ?? null, ptau ?? null, 'phase1');
  const published = checkPhase1(ptau, key);
  checkChain(transcript, key.vk_delta_2);
  requireSame(transcript.contributions.map(setupContribution), contributions, 'contributions');
  const beacons = contributions.filter(({ kind }) => kind === 'beacon').length;
  return {
    contributions: contributions.length - beacons,
    beacons,
    ...(published && ptau !== undefined && { phase1: ptau.name }),
  };
}

/** A contribution as the setup lists it. Coordinates must be below q. */
export function setupContribution(contribution: Contribution): SetupContribution {
  const { name, kind } = contribution;
  return { name, hash: contributionHash(contribution), kind };
}

function requireSame(found: unknown, expected: unknown, where: string): void {
  if (canonicalJson(found) !== canonicalJson(expected)) {
    throw new Refusal('QP7181', { where: `transcript.${where}` });
  }
}
