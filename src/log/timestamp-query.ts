/** The object identifier of SHA-256 with its parameters, in DER. */
const SHA256 = Buffer.from('300d06096086480165030402010500', 'hex');
/** Asks for the authority's certificates too. */
const WITH_CERTIFICATES = Buffer.of(0x01, 0x01, 0xff);

/**
 * A request for a timestamp (RFC 3161, TimeStampReq) in DER.
 *
 * @param digest sha256 of what is to be timestamped
 * @param nonce that the answer has to repeat
 */
export function timestampQuery(digest: Uint8Array, nonce: bigint): Uint8Array<ArrayBuffer> {
  const imprint = der(0x30, SHA256, der(0x04, digest));
  const parts = [integer(1n), imprint, integer(nonce), WITH_CERTIFICATES];
  return new Uint8Array(der(0x30, ...parts));
}

/** Contents here have fewer than 128 bytes, whose number takes one. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const whole = Buffer.concat(content);
  if (whole.length > 127) throw new RangeError(`${whole.length} bytes`);
  return Buffer.concat([Buffer.of(tag, whole.length), whole]);
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return der(0x02, (bytes[0] as number) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}
