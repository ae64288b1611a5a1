import {
  CONTRIBUTION_TYPE,
  type Contribution,
  type ContributionStatement,
  type G1Json,
  type Phase1,
  type PointSet,
  STATEMENT_TYPE,
  setupContribution,
  timeOf,
} from '@quietproof/verify';
import { QuietproofError } from '../errors/quietproof-error.ts';
import type { Zkey } from '../formats/zkey.ts';
import { type WrittenStatement, writeStatement } from '../sign/sign-statement.ts';
import { readSigningKey, type SigningKey } from '../sign/signing-key.ts';
import { statementPlace } from '../sign/statement-place.ts';
import { pointSetOf } from './point-set.ts';
import { contributionsOf } from './transcript.ts';

/** Of G1: δ before anybody has contributed. */
const GENERATOR: G1Json = ['1', '2', '1'];

export interface SignContributionOptions {
  /** A private key in PEM. */
  readonly key: string;
  /** The contribution to sign: its place, from 1, or its hash. Default: the last one. */
  readonly index?: number;
  readonly hash?: string;
  /** What the signer compared the key with before contributing. */
  readonly checked?: ContributionStatement['predicate']['checked'];
  /** Default: in the artifact's folder of statements, or beside the key. */
  readonly out?: string;
}

/**
 * Signs that the holder of a key made a step of a ceremony. It names no model and no verification key, which later
 * contributions change.
 *
 * @param target the artifact or the .zkey that `zkey` was read from
 * @throws QuietproofError QP7910, QP7912
 */
export async function signContribution(
  zkey: Zkey,
  target: string,
  options: SignContributionOptions,
): Promise<WrittenStatement> {
  const key = await readSigningKey(options.key);
  const { checked } = options;
  const statement = contributionStatement(zkey, options, key, checked === undefined ? {} : { checked });
  const name = `contribution-${statement.predicate.index}`;
  return writeStatement(options.out ?? (await statementPlace(target, name, key)), statement, key);
}

/** What a contributor has seen of the key that he contributed to. */
export interface SeenKey {
  /** If he compared the whole key with its circuit and its phase 1. */
  readonly checked?: { readonly circuitId: string; readonly phase1: Phase1 };
  /** The points that he received. */
  readonly received?: PointSet;
}

/**
 * The statement on a step of a key, or of the carrier of its points. The points that were returned are known only for the
 * last step.
 *
 * @throws QuietproofError QP7912
 */
export function contributionStatement(
  zkey: Zkey,
  { index, hash }: Pick<SignContributionOptions, 'index' | 'hash'>,
  { id }: Pick<SigningKey, 'id'>,
  seen: SeenKey = {},
): ContributionStatement {
  const steps = contributionsOf(zkey);
  const hashes = steps.map((one) => setupContribution(one).hash);
  const at = hash === undefined ? (index ?? steps.length) - 1 : hashes.indexOf(hash);
  const step = requireStep(steps[at], index);
  const isLast = at === steps.length - 1;
  return {
    _type: STATEMENT_TYPE,
    subject: [
      { name: 'ceremony', digest: { blake2b: Buffer.from(zkey.transcript.circuitHash).toString('hex') } },
      { name: 'contribution', digest: { blake2b: hashes[at]! } },
    ],
    predicateType: CONTRIBUTION_TYPE,
    predicate: {
      signer: id,
      date: timeOf(new Date()),
      index: at + 1,
      transcript: step.transcript,
      deltaBefore: at === 0 ? GENERATOR : steps[at - 1]!.deltaAfter,
      deltaAfter: step.deltaAfter,
      ...checks(zkey, isLast, seen),
    },
  };
}

function checks(zkey: Zkey, isLast: boolean, { checked, received }: SeenKey) {
  const points = isLast ? { returned: pointSetOf(zkey), ...(received && { received }) } : undefined;
  return { ...(checked && { checked }), ...(points && { points }) };
}

function requireStep(step: Contribution | undefined, index: number | undefined): Contribution {
  if (step?.kind === 'contribution') return step;
  const which = index === undefined ? 'last contribution' : `contribution ${index}`;
  const why = step === undefined ? 'there is none' : 'it is a beacon, whose secret everybody knows';
  throw new QuietproofError('QP7912', {
    what: `The ${which} cannot be signed: ${why}`,
    fix: 'Name the place of your own contribution, from 1: --index <n>',
  });
}
