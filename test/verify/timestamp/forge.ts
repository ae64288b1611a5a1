/** Timestamps made from their parts, each of which can be another: what an authority of OpenSSL would never sign. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readCertificates } from '@quietproof/verify/timestamp';
import type { OpensslAuthority } from './openssl.ts';

export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const whole = Buffer.concat(content);
  const { length } = whole;
  const bytes = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...bytes), whole]);
}
export const seq = (...content: Uint8Array[]) => der(0x30, ...content);
export const set = (...content: Uint8Array[]) => der(0x31, ...content);
export const octets = (bytes: Uint8Array) => der(0x04, bytes);
export const int = (value: number) => der(0x02, Buffer.of(value));
export const time = (text: string) => der(0x18, Buffer.from(text));
export function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [40 * a + b, ...rest].flatMap((part) => {
    const digits = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift((left % 128) | 0x80);
    }
    return digits;
  });
  return der(0x06, Buffer.from(bytes));
}

export const sha = (bytes: Uint8Array, name = 'sha256') => createHash(name).update(bytes).digest();
export const SHA256 = seq(oid('2.16.840.1.101.3.4.2.1'));
export const TIMESTAMP_INFO = '1.2.840.113549.1.9.16.1.4';
const ECDSA_SHA256 = seq(oid('1.2.840.10045.4.3.2'));
export const attribute = (type: string, value: Uint8Array) => seq(oid(type), set(value));

/** Parts of a timestamp; what is left out is as it should be. */
export interface Parts {
  readonly status?: number;
  readonly infoVersion?: number;
  readonly imprintAlgorithm?: Uint8Array;
  readonly imprint?: Uint8Array;
  readonly time?: string;
  /** After the time: accuracy, nonce, extensions. */
  readonly more?: readonly Uint8Array[];
  readonly contentType?: string;
  readonly attributes?: (usual: Buffer[], content: Buffer) => Buffer[];
  readonly digestAlgorithm?: Uint8Array;
  readonly signatureAlgorithm?: Uint8Array;
  /** Names of certificates in the token. */
  readonly carried?: readonly string[];
  /** The key that signs, if it is not the certificate's. */
  readonly key?: string;
  readonly by?: (certificate: Uint8Array) => { version: number; id: Buffer };
  readonly signers?: number;
  readonly answer?: (token: Buffer) => Buffer;
}

/** A timestamp by the certificate of this name, on P-256. */
export function forge(
  tsa: OpensslAuthority,
  name: string,
  message: Uint8Array,
  parts: Parts = {},
): Uint8Array {
  const [own] = readCertificates(tsa.pem(name));
  const certificate = own!.whole;
  const imprint = seq(parts.imprintAlgorithm ?? SHA256, octets(parts.imprint ?? sha(message)));
  const at = time(parts.time ?? '20261201120000Z');
  const version = int(parts.infoVersion ?? 1);
  const content = seq(version, oid('1.2.3'), imprint, int(5), at, ...(parts.more ?? []));
  const usual = [
    attribute('1.2.840.113549.1.9.3', oid(TIMESTAMP_INFO)),
    attribute('1.2.840.113549.1.9.4', octets(sha(content))),
    attribute('1.2.840.113549.1.9.16.2.47', seq(seq(seq(octets(sha(certificate)))))),
  ];
  const attributes = Buffer.concat(parts.attributes?.(usual, content) ?? usual);
  const key = createPrivateKey(tsa.read(`${parts.key ?? name}.key`));
  const signature = sign('sha256', set(attributes), key);
  const issuerAndSerial = { version: 1, id: seq(Buffer.from(own!.issuer), Buffer.from(own!.serial.whole)) };
  const by = parts.by?.(certificate) ?? issuerAndSerial;
  const signer = seq(
    int(by.version),
    by.id,
    parts.digestAlgorithm ?? SHA256,
    der(0xa0, attributes),
    parts.signatureAlgorithm ?? ECDSA_SHA256,
    octets(signature),
  );
  const carried = (parts.carried ?? [name]).flatMap((one) => readCertificates(tsa.pem(one)));
  const data = seq(
    int(3),
    set(SHA256),
    seq(oid(parts.contentType ?? TIMESTAMP_INFO), der(0xa0, octets(content))),
    ...(carried.length === 0 ? [] : [der(0xa0, ...carried.map(({ whole }) => whole))]),
    set(...Array.from({ length: parts.signers ?? 1 }, () => signer)),
  );
  const token = seq(oid('1.2.840.113549.1.7.2'), der(0xa0, data));
  const answer = parts.answer?.(token) ?? seq(seq(int(parts.status ?? 0)), token);
  return new Uint8Array(answer);
}
