import { sign } from 'node:crypto';
import { type KeyId, signatureHolds } from '@quietproof/verify';
import type { SigningKey } from './signing-key.ts';

/**
 * Requests signed with Ed25519: RFC 9421 (HTTP Message Signatures), with the digest of the content as in RFC 9530. This
 * profile has one form, so that nothing has to be guessed: one signature with the label `sig`, the components in this
 * order, and all of the parameters.
 */
export interface SignedRequest {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  /** Key id of the service that is asked: no other may be given the request. */
  readonly to: KeyId;
  /** sha256 of the content, 32 bytes; missing for requests without one. */
  readonly digest?: Uint8Array;
}

/** Names of the headers, as Node has them. */
export const HEADER = {
  input: 'signature-input',
  signature: 'signature',
  to: 'quietproof-to',
  digest: 'content-digest',
} as const;

const TAG = 'quietproof/contributor/v1';

export function contentDigest(sha256: Uint8Array): string {
  return `sha-256=:${Buffer.from(sha256).toString('base64')}:`;
}

/**
 * The headers that sign a request.
 *
 * @param created seconds since 1970
 * @param nonce 128 bits in hex, for this request alone
 */
export function signatureHeaders(
  request: SignedRequest,
  key: SigningKey,
  { created, nonce }: { readonly created: number; readonly nonce: string },
): Readonly<Record<string, string>> {
  const hasDigest = request.digest !== undefined;
  const parameters = parametersOf(hasDigest, { created, keyid: key.id, nonce });
  const signature = sign(null, signatureBase(request, parameters), key.private).toString('base64');
  return {
    ...(request.digest !== undefined && { [HEADER.digest]: contentDigest(request.digest) }),
    [HEADER.to]: request.to,
    [HEADER.input]: `sig=${parameters}`,
    [HEADER.signature]: `sig=:${signature}:`,
  };
}

/** What the headers of a request claim. Nothing of it is checked yet. */
export interface ClaimedSignature {
  readonly keyid: KeyId;
  readonly created: number;
  readonly nonce: string;
  readonly request: SignedRequest;
  readonly parameters: string;
  readonly signature: Uint8Array;
}

const INPUT =
  /^sig=(\("@method" "@path"( "content-digest")? "quietproof-to"\);created=([1-9][0-9]{0,14});keyid="([0-9a-f]{64})";alg="ed25519";nonce="([0-9a-f]{32})";tag="quietproof\/contributor\/v1")$/;
const SIGNATURE = /^sig=:([A-Za-z0-9+/]{86}==):$/;
const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const KEY_ID = /^[0-9a-f]{64}$/;

/** Reads the signature of a request; undefined unless it has the form above. */
export function claimedSignature(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ClaimedSignature | undefined {
  const [input, signature, to] = [headers[HEADER.input], headers[HEADER.signature], headers[HEADER.to]];
  const stated = typeof input === 'string' ? INPUT.exec(input) : null;
  const signed = typeof signature === 'string' ? SIGNATURE.exec(signature) : null;
  if (stated === null || signed === null || typeof to !== 'string' || !KEY_ID.test(to)) return undefined;
  const digest = digestIn(headers[HEADER.digest]);
  const hasDigest = stated[2] !== undefined;
  if (hasDigest !== (headers[HEADER.digest] !== undefined) || hasDigest !== (digest !== undefined))
    return undefined;
  return {
    keyid: stated[4]!,
    created: Number(stated[3]),
    nonce: stated[5]!,
    request: { method, path, to, ...(digest !== undefined && { digest }) },
    parameters: stated[1]!,
    signature: Buffer.from(signed[1]!, 'base64'),
  };
}

function digestIn(header: string | string[] | undefined): Uint8Array | undefined {
  const found = typeof header === 'string' ? DIGEST.exec(header) : null;
  return found === null ? undefined : Buffer.from(found[1]!, 'base64');
}

/** @param publicKey 32 bytes */
export function requestSignatureHolds(claimed: ClaimedSignature, publicKey: Uint8Array): boolean {
  return signatureHolds(claimed.signature, signatureBase(claimed.request, claimed.parameters), publicKey);
}

function parametersOf(
  hasDigest: boolean,
  { created, keyid, nonce }: { readonly created: number; readonly keyid: string; readonly nonce: string },
): string {
  const components = ['"@method"', '"@path"', ...(hasDigest ? ['"content-digest"'] : []), '"quietproof-to"'];
  const list = `(${components.join(' ')})`;
  return `${list};created=${created};keyid="${keyid}";alg="ed25519";nonce="${nonce}";tag="${TAG}"`;
}

/** RFC 9421, section 2.5. */
function signatureBase({ method, path, to, digest }: SignedRequest, parameters: string): Uint8Array {
  const lines = [
    `"@method": ${method}`,
    `"@path": ${path}`,
    ...(digest === undefined ? [] : [`"content-digest": ${contentDigest(digest)}`]),
    `"quietproof-to": ${to}`,
    `"@signature-params": ${parameters}`,
  ];
  return new TextEncoder().encode(lines.join('\n'));
}
