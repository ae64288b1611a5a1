import { randomBytes } from 'node:crypto';
import { zKey } from 'snarkjs';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { readZkey, type Zkey } from '../formats/zkey.ts';
import { checkKey } from '../key/check-key.ts';
import { g1Generator, type KeyChecker } from '../key/key-checker.ts';
import { withCurve } from '../key/snarkjs-session.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { checkSuccessor } from './check-successor.ts';
import { checkContributions } from './contributions.ts';

/** snarkjs truncates names to 64 UTF-16 code units and stores the length of their UTF-8 form in one byte. */
const MAX_NAME = 64;
const UNPRINTABLE = /[\p{C}\u2028\u2029]/u;

/** Adds a contribution, from the operating system's randomness, to a key. Whoever calls it checks the result. */
export type Contributor = (before: Uint8Array, name: string) => Promise<Uint8Array>;

/** Contributes with snarkjs. */
export const snarkjsContributor: Contributor = async (before, name) => {
  const target = { type: 'mem' as const, initialSize: before.length + 4096, data: new Uint8Array() };
  await withCurve(() => zKey.contribute(before, target, name, randomBytes(64).toString('hex')));
  return target.data;
};

/**
 * Makes one phase-2 contribution, whose randomness is discarded. Checks the result against the original key.
 *
 * @param before bytes of the original key
 * @param name public name of the contributor, up to 64 characters
 * @param contributor computes the new key
 * @param checker checks its points
 * @returns bytes of the new key
 * @throws QuietproofError QP5034 (name), QP5032 (development key), QP5013, QP5022, QP5024
 */
export async function contribute(
  before: Uint8Array,
  name: string,
  file: string,
  contributor: Contributor = snarkjsContributor,
  checker: KeyChecker = wasmKeyChecker,
): Promise<Uint8Array> {
  if (name.length === 0 || name.length > MAX_NAME || UNPRINTABLE.test(name)) {
    const what = `The contributor's name must be printable text of 1 to ${MAX_NAME} characters`;
    throw new QuietproofError('QP5034', { what, fix: 'Give another --name' });
  }
  const initial = readZkey(before, file);
  refuseDevelopmentKey(initial, file);
  checkContributions(initial, file);
  const made = await contributor(before, name);
  const contributed = readZkey(made, file);
  checkContributions(contributed, file);
  await checkKey(contributed, 'ready', file, checker);
  await checkSuccessor(initial, contributed, file, checker);
  return made;
}

/**
 * Refuses a key without contributions whose δ is not the generator: a single party made it (a development key).
 *
 * @throws QuietproofError QP5032
 */
export function refuseDevelopmentKey(zkey: Zkey, file: string): void {
  if (zkey.transcript.contributions.length > 0 || Buffer.compare(zkey.delta1, g1Generator()) === 0) return;
  throw new QuietproofError('QP5032', {
    what: 'A single party made this key (a development key); contributions cannot make it secure',
    where: file,
    fix: 'Start from a ceremony: quietproof setup <artifact> --ptau <file>',
  });
}
