import { readFile } from 'node:fs/promises';
import {
  type AnyModelRecord,
  type Hex,
  type Phase1,
  REDERIVATION_TYPE,
  type RederivationStatement,
  readStatementFile,
  STATEMENT_TYPE,
  sidecarDigest,
  timeOf,
} from '@quietproof/verify';
import { statementFiles } from '@quietproof/verify/command/trust-question';
import { ceremonyRecord } from '../ceremony/transcript.ts';
import { sha256 } from '../data/sha256.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { readKeyFile } from '../setup/setup-files.ts';
import { type WrittenStatement, writeStatement } from '../sign/sign-statement.ts';
import { readSigningKey } from '../sign/signing-key.ts';
import { statementPlace } from '../sign/statement-place.ts';
import { readClaimed } from './read-claimed.ts';
import type { Rederivation } from './rederivation.ts';
import { CONTRIBUTORS } from './rederive-key.ts';
import { stepsOf } from './step-files.ts';

export interface SignRederivationOptions {
  /** A private key in PEM. */
  readonly key: string;
  /** The proving key that was followed. */
  readonly zkey: string | undefined;
  /**
   * Keys from between the steps of the ceremony, or files of their points, and folders of these: what the coordinator sent
   * to contributors and received. Each is checked, and those that are this circuit's are listed in the statement.
   */
  readonly states?: readonly string[];
  /** Files and folders of statements that the signer has seen. */
  readonly statements?: readonly string[];
  /** Default: in the artifact's folder of statements, or beside the target. */
  readonly out?: string;
}

/**
 * Signs what a re-derivation found, if it followed the whole key: from the model file to the r1cs, from that and a
 * phase 1 to the key before anybody contributed, from there by the contributions to the final one.
 *
 * @param target as it was given to `rederive`
 * @throws QuietproofError QP7910, QP7913; QP5013, QP5021, QP5022, QP5024 for a file among the states that is not
 * what it should be: nothing is signed then
 */
export async function signRederivation(
  target: string,
  result: Rederivation,
  options: SignRederivationOptions,
): Promise<WrittenStatement> {
  const key = await readSigningKey(options.key);
  const { record } = await readClaimed(target);
  if (result.verdict !== 'this verification key is this model') throw nothing(result.sentence);
  if (record === undefined || options.zkey === undefined) throw nothing('there is no key');
  const { ptau, initialHash, zkey } = await ceremonyOf(record, options.zkey);
  const points = await stepsOf(zkey, options.states ?? []);
  const statements = await digestsOf(options.statements ?? []);
  const { ids, manifest } = record;
  const statement: RederivationStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'model', digest: { sha256: ids.modelId } }],
    predicateType: REDERIVATION_TYPE,
    predicate: {
      signer: key.id,
      date: timeOf(new Date()),
      circuitId: ids.circuitId,
      keyId: ids.keyId,
      source: manifest.chain.source,
      initialHash,
      phase1: ptau,
      // Who contributed is what the contributors' own statements are for.
      reservations: result.reservations.filter((one) => one !== CONTRIBUTORS.reservation),
      ...(statements.length > 0 && { statements }),
      points,
    },
  };
  return writeStatement(options.out ?? (await statementPlace(target, 'rederivation', key)), statement, key);
}

/** The setup was compared with the key already. That the file is still the same, the transcript's digest shows. */
async function ceremonyOf(
  record: AnyModelRecord,
  file: string,
): Promise<{ readonly ptau: Phase1; readonly initialHash: string; readonly zkey: Zkey }> {
  const setup = record.version === 'quietproof/model/v2' ? record.setup : undefined;
  if (setup?.kind !== 'ceremony' || setup.ptau === undefined || setup.transcript === undefined) {
    throw nothing('the model record names no phase 1 or no transcript: import the key again with --ptau');
  }
  const zkey = readZkey(await readKeyFile(file), file);
  const { transcript } = ceremonyRecord(zkey, setup.ptau);
  if (transcript === undefined || sidecarDigest(transcript) !== setup.transcript) {
    throw nothing('the proving key has changed since');
  }
  const initialHash = Buffer.from(zkey.transcript.circuitHash).toString('hex');
  return { ptau: setup.ptau, initialHash, zkey };
}

/** sha256 of the payloads. @throws Refusal QP7213, QP7214, QP7217 */
async function digestsOf(paths: readonly string[]): Promise<Hex[]> {
  const files = (await Promise.all(paths.map(statementFiles))).flat();
  const digests = await Promise.all(
    files.map(async (file) => sha256(readStatementFile(await readFile(file)).payload)),
  );
  return [...new Set(digests)].sort();
}

function nothing(why: string): QuietproofError {
  return new QuietproofError('QP7913', { what: `There is nothing to sign: ${why}` });
}
