import {
  CONTRIBUTION_TYPE,
  canonicalJson,
  PAYLOAD_TYPE,
  preAuthenticationEncoding,
  publicKeyIn,
  Refusal,
  readStatementFile,
  signatureHolds,
} from '@quietproof/verify';
import { withPoints } from '../../ceremony/carrier-key.ts';
import { checkImportedKey } from '../../ceremony/import-key.ts';
import { pointSetOf } from '../../ceremony/point-set.ts';
import type { RoundRequest, ServiceInfo } from '../../ceremony/rounds/round-types.ts';
import { contributionStatement } from '../../ceremony/sign-contribution.ts';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { readZkey } from '../../formats/zkey.ts';
import type { ArtifactCircuit } from '../setup-files.ts';
import type { RoundResult } from './round-archive.ts';
import { AGAIN } from './round-client.ts';

/** A step of a ceremony: the key before it, and what was asked of whom. */
export interface Step {
  readonly before: Uint8Array;
  readonly circuit: ArtifactCircuit;
  readonly request: RoundRequest;
  readonly info: Pick<ServiceInfo, 'keyId' | 'key'>;
  /** Of the contributor, for errors. */
  readonly url: string;
}

/**
 * Checks what a contributor returned: one contribution more, nothing else changed, and a statement of that contributor on
 * exactly this.
 *
 * @returns the new key
 * @throws QuietproofError QP6521 (the key), QP6523 (the statement), both with the contributor's address
 */
export async function checkReturned(step: Step, { received, statement }: RoundResult): Promise<Uint8Array> {
  const { before, circuit, request, url } = step;
  try {
    const key = request.kind === 'points' ? withPoints(before, received, url) : received;
    const zkey = await checkImportedKey(key, circuit.r1cs, before, url);
    const added = zkey.transcript.contributions.length - readZkey(before).transcript.contributions.length;
    if (added !== 1 || zkey.transcript.contributions.at(-1)?.kind !== 'contribution') {
      throw new QuietproofError('QP5024', { what: `It has ${added} contributions more, instead of one` });
    }
    requireStatement(step, zkey, statement);
    return key;
  } catch (cause) {
    if (!(cause instanceof QuietproofError) || !cause.code.startsWith('QP5')) throw cause;
    const what = `The contributor returned what does not continue the key: ${cause.code} ${cause.what}`;
    throw new QuietproofError('QP6521', { what, where: url, fix: AGAIN, cause });
  }
}

/** The statement says what this step is, all points that went in and came out, and what was compared if that was asked. */
function requireStatement(step: Step, after: ReturnType<typeof readZkey>, envelope: Uint8Array): void {
  const { before, circuit, request, info, url } = step;
  const refuse = (why: string, cause?: unknown) => {
    const what = `The contributor's statement is not about what it returned: ${why}`;
    return new QuietproofError('QP6523', { what, where: url, fix: AGAIN, cause });
  };
  try {
    const { statement, payload, keyid, signature } = readStatementFile(envelope);
    const publicKey = publicKeyIn(Buffer.from(info.key, 'base64'));
    const message = preAuthenticationEncoding(PAYLOAD_TYPE, payload);
    if (keyid !== info.keyId || publicKey === undefined || !signatureHolds(signature, message, publicKey)) {
      throw refuse('its signature is not of this contributor');
    }
    if (statement.predicateType !== CONTRIBUTION_TYPE) throw refuse('it is of another kind');
    const { checked, date } = statement.predicate;
    const seen = { received: pointSetOf(readZkey(before)), ...(checked && { checked }) };
    const expected = contributionStatement(after, {}, { id: keyid }, seen);
    const same = { ...expected, predicate: { ...expected.predicate, date } };
    if (canonicalJson(statement) !== canonicalJson(same))
      throw refuse('it names another step, or other points');
    const asked = request.r1cs !== undefined;
    if (asked !== (checked !== undefined))
      throw refuse(`it ${asked ? 'does not say' : 'says'} that it compared the circuit`);
    if (
      checked !== undefined &&
      (checked.circuitId !== circuit.circuitId || checked.phase1.blake2b !== request.phase1)
    ) {
      throw refuse('it compared another circuit or phase 1');
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refuse(error.what, error);
  }
}
