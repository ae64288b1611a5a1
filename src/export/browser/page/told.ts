import { type GivenStatement, keyIdOf, parseTrust, Vouching } from '@quietproof/verify';

/**
 * What the sender of a receipt tells of who vouches for the model. The page checks the signatures, but the names are those
 * of the sender's trust file: no verdict rests on them, and the reader's own trust file goes before.
 */
export interface Told {
  readonly vouching: Vouching;
  /** Count for the reader's own trust file too. */
  readonly statements: readonly GivenStatement[];
  /** The parties that the sender names, with the ids of their keys, to be compared with published ones. */
  readonly parties: readonly (readonly [party: string, keyIds: readonly string[]])[];
}

/** @returns undefined if it cannot be read */
export function readTold(content: Uint8Array | undefined): Told | undefined {
  if (content === undefined) return undefined;
  try {
    const { trust, statements } = JSON.parse(new TextDecoder().decode(content)) as ToldFile;
    const file = bytesOf(trust);
    const given = statements.map((one) => ({ name: one.name, content: bytesOf(one.content) }));
    const { parties } = parseTrust(file).file;
    return {
      vouching: new Vouching(file, given),
      statements: given,
      parties: Object.entries(parties).map(([name, { keys }]) => [
        name,
        (keys ?? []).map(({ key }) => keyIdOf(bytesOf(key))),
      ]),
    };
  } catch {
    // What its sender has broken tells nothing.
    return undefined;
  }
}

/** As `export/receipt/told-statements.ts` writes it. */
interface ToldFile {
  readonly trust: string;
  readonly statements: readonly { readonly name: string; readonly content: string }[];
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
