import { bytesToHex } from '@noble/hashes/utils.js';
import { Refusal } from '../refusal.ts';

export function contradiction(what: string, where: string): never {
  throw new Refusal('QP7211', { what: `The trust file contradicts itself: ${what}`, where });
}

/** How many of whom a reader asks for. */
interface Quorum {
  readonly least: number;
  readonly by: readonly string[];
}

/** @param check of each name that is a party */
export function checkQuorum(
  { least, by }: Quorum,
  parties: object,
  where: string,
  check: (name: string) => void,
): void {
  for (const name of by) {
    if (!Object.hasOwn(parties, name)) contradiction(`"${name}" is none of the parties`, where);
    check(name);
  }
  if (new Set(by).size < by.length) contradiction('a party is listed twice', where);
  if (least > by.length) contradiction(`it asks for ${least} of ${by.length} parties`, where);
}

/** Whose each public key is. Distinct parties are counted: one key must not be two of them. */
export class KeyOwners {
  readonly #owners = new Map<string, string>();

  /**
   * @param owner what the key is for, and whose it is
   * @param isShared whether one owner may list it again
   */
  claim(publicKey: Uint8Array, owner: string, where: string, isShared = false): void {
    const id = bytesToHex(publicKey);
    const known = this.#owners.get(id);
    if (known !== undefined && !(isShared && known === owner)) {
      contradiction(`the key of ${known} is listed again`, where);
    }
    this.#owners.set(id, owner);
  }
}
