import type { SealRefusalCode } from './seal-refusals.ts';

/** Reasons for a refusal: code → one sentence without a full stop. A code never changes its meaning. */
export const REFUSALS = {
  QP7001: 'The file is not valid JSON in UTF-8',
  QP7002: 'The file is larger than a proof bundle may be',
  QP7003: 'The JSON is nested too deeply',
  QP7004: 'A key appears twice',
  QP7005: 'A key is unknown',
  QP7006: 'A key is missing',
  QP7007: 'A value has the wrong type or form',
  QP7008: 'A number is not in its canonical form',
  QP7009: 'The file is not in its canonical form (white space, key order or escapes)',
  QP7010: 'This verifier does not know the format or its version',
  QP7011: 'The page does not hold exactly one proof bundle',
  QP7012: 'The file uses a kind that this verifier does not know; a newer one may read it',
  QP7013: 'This is not a regular file',
  QP7014: 'The file cannot be read',
  QP7015: 'The bundle is thin: it has no model record to take out',
  QP7101: 'The bundle is thin and its model record was not given',
  QP7102: 'The key id does not match the verification key',
  QP7103: 'The circuit id does not match the manifest',
  QP7104: 'The model id does not match the parts of the model record',
  QP7105: 'The interface contradicts itself',
  QP7106: 'The setup claims to be a ceremony, but has no contribution other than beacons',
  QP7107: 'The quality contradicts itself',
  QP7180: 'The transcript cannot be read',
  QP7181: 'The transcript tells of another setup than the model record',
  QP7182: 'A point of the transcript is no point of its curve',
  QP7183: 'A point of the transcript is outside the prime-order subgroup',
  QP7184: 'A hash in the transcript does not follow from what is before it',
  QP7185: 'A contribution does not prove that its secret was known',
  QP7186: 'A contribution changed delta by another factor than its secret',
  QP7187: 'The contributions do not lead to the delta of this key',
  QP7188: 'The number of iterations of a beacon is out of bounds',
  QP7189: 'A beacon does not follow from its bytes',
  QP7190: 'Alpha or beta of the key is not that of the phase 1 that the setup names',
  QP7201: 'The statement cannot be read',
  QP7202: 'The statement is about a different model',
  QP7203: 'The statement is about other public signals',
  QP7204: 'The statement names a different key or circuit',
  QP7205: 'The statement names a different interface or manifest',
  QP7206: 'The statement names a different context',
  QP7207: 'The envelope carries signatures, which this version cannot check',
  QP7208: 'A sidecar is not bound to its subject',
  QP7210: 'The trust file cannot be read',
  QP7211: 'The trust file contradicts itself',
  QP7212: 'A public key is no Ed25519 key that can be relied on',
  QP7213: 'The signed statement cannot be read',
  QP7214: 'This verifier does not know what kind of statement this is',
  QP7215: 'The signature of the statement does not hold',
  QP7216: 'The statement is signed by nobody whom the trust file names',
  QP7217: 'The statement names another signer than its signature',
  QP7218: 'The statement is about another model or ceremony',
  QP7219: 'The statement contradicts the record that it is about',
  QP7220: 'The statement was made after its key was retired',
  QP7221: 'The key of the statement is compromised, and nothing shows that the statement is older',
  QP7222: 'The statement is of a later time than the one that was asked for',
  QP7223: 'A producer signed what only others can vouch for',
  QP7224: 'Not enough of those whom the trust file names have signed, among the statements given',
  QP7225: 'The producer has retired this model',
  QP7226: 'The key is a development key, for which nobody can vouch',
  QP7227: 'The statement is about a phase 1 that is neither published nor in the trust file',
  QP7228: 'The trust file does not ask this signer for such a statement',
  QP7229:
    'The contributor did not compare the circuit, and no re-derivation that counts lists the points that he returned',
  QP7301: 'A coordinate of the key is not below the field modulus',
  QP7302: 'A point of the key is not on its curve',
  QP7303: 'A point of the key is outside the prime-order subgroup',
  QP7304: 'A point of the key is the point at infinity',
  QP7305: 'The key has the wrong number of IC points',
  QP7306: 'Gamma is not the generator',
  QP7307:
    'Delta is a small multiple of gamma: nobody has contributed to this key, and anyone can forge proofs for it',
  QP7308: 'Two IC points of the key are equal up to their sign',
  QP7401: 'The number of public signals is wrong',
  QP7402: 'A public signal is not below the group order',
  QP7403: 'A public signal is outside the range that the interface gives',
  QP7501: 'A coordinate of the proof is not below the field modulus',
  QP7502: 'A point of the proof is not on its curve',
  QP7503: 'A point of the proof is outside the prime-order subgroup',
  QP7504: 'A point of the proof is the point at infinity',
  QP7505: 'The proof does not hold for these public signals under this key',
  QP7601: 'The proof is for a different model than the expected one',
  QP7602: 'The proof was made for a different context',
  QP7603: 'The opening does not open the input of this proof',
  QP7604: 'The row is not the input of this proof',
  QP7605: 'The row cannot be encoded as an input of this model',
  QP7606: 'The input is a digest, and no opening was given',
  QP7607: 'The row is farther from the proved values than the tolerance',
  QP7608: 'A tolerance was given, and no row to measure with it',
  QP7701: 'The text is no signed note',
  QP7702: 'The text is no key for signed notes',
  QP7703: 'A signature of a known key does not hold',
  QP7704: 'The note is no checkpoint of a log',
  QP7705: 'The checkpoint is of another log',
  QP7706: 'No key of the log has signed the checkpoint',
  QP7707: 'The text is no proof of a log',
  QP7708: 'The log proof does not lead from the entry to the root of the checkpoint',
  QP7710: 'Too few of the witnesses have cosigned the checkpoint',
  QP7711: 'The trust file names no log of this origin',
  QP7712: 'The timestamp or certificate is not in the form that DER and its standards ask for',
  QP7713: 'The authority did not grant the timestamp',
  QP7714: 'The timestamp is of something else',
  QP7715: 'The timestamp uses an algorithm that is not accepted',
  QP7716: 'The signature of the timestamp does not hold',
  QP7717: 'The signed attributes do not belong to the timestamp',
  QP7718: 'The certificate that signed the timestamp is not one for timestamps',
  QP7719: 'A certificate was not valid at the time of the timestamp',
  QP7720: 'No chain of certificates leads from the timestamp to one that is trusted',
  QP7721: 'The certificate cannot be read',
  QP7740: 'The entry of the log cannot be read',
  QP7745: 'The context id of the statement is not that of its place in the log',
  QP7747: 'The log proof of the bundle cannot be read',
  QP7748: 'The log proof is about another statement',
  QP7749: 'The answer is not shown to be in a log that the caller trusts',
} as const;

export type RefusalCode = keyof typeof REFUSALS | SealRefusalCode;

/** Something that a check needs and the caller did not give. */
export type MissingPart = 'bundle' | 'log-proof' | 'model-record' | 'opening' | 'row' | 'statement';

/** Codes that say that something is missing, as opposed to wrong: a verdict with one is "not enough given". */
export const MISSING: Readonly<Partial<Record<RefusalCode, MissingPart | 'file'>>> = {
  QP7013: 'file',
  QP7014: 'file',
  QP7101: 'model-record',
  QP7224: 'statement',
  QP7606: 'opening',
  QP7608: 'row',
  QP7749: 'log-proof',
};

/**
 * The only error this package throws for bad input. Its message reads `QP7005 what (where)`. `verifyBundle` never
 * throws it: there it becomes a failed check.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly what: string;
  readonly where: string | undefined;

  constructor(code: RefusalCode, parts: { readonly what?: string; readonly where?: string } = {}) {
    const what = parts.what ?? (REFUSALS as Readonly<Partial<Record<RefusalCode, string>>>)[code] ?? '';
    super(`${code} ${what}${parts.where === undefined ? '' : ` (${parts.where})`}`);
    this.code = code;
    this.what = what;
    this.where = parts.where;
  }
}
