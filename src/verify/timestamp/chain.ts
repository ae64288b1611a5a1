import { Refusal } from '../refusal.ts';
import { type Certificate, KEY_USAGE, same } from './certificate.ts';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const ANY_PURPOSE = '2.5.29.37.0';
const MAX_DEPTH = 6;
/** Signatures: certificates may be made so that there are very many paths. */
const MAX_TRIES = 64;

/**
 * Checks that a certificate is for timestamps and nothing else (RFC 3161, section 2.3).
 *
 * @throws Refusal QP7718
 */
export function requireForTimestamps({ extensions }: Certificate): void {
  const { extendedKeyUsage, keyUsage, unknown } = extensions;
  const { isCritical = false, purposes = [] } = extendedKeyUsage ?? {};
  if (!isCritical || purposes.length !== 1 || purposes[0] !== TIME_STAMPING) {
    throw new Refusal('QP7718', { where: 'timeStamping must be its only purpose, and critical' });
  }
  const signs = keyUsage?.has(KEY_USAGE.digitalSignature) || keyUsage?.has(KEY_USAGE.nonRepudiation);
  if (keyUsage !== undefined && !signs) throw new Refusal('QP7718', { where: 'its key must not sign' });
  if (unknown.length > 0) throw new Refusal('QP7718', { where: `critical extension ${unknown[0]}` });
}

/**
 * Finds a chain from a certificate to one that the reader trusts. All certificates, the trusted one too, must be valid at
 * the time of the timestamp. Revocation is not checked.
 *
 * @param others that the chain may pass by
 * @param at milliseconds since 1970
 * @returns the trusted certificate that the chain ends in
 * @throws Refusal QP7719 if a certificate on the only chain is not valid at that time; QP7720 if there is no chain
 */
export function requireChain(
  from: Certificate,
  trusted: readonly Certificate[],
  others: readonly Certificate[],
  at: number,
): Certificate {
  const search = { trusted, others, at, tries: 0, expired: false };
  const root = rootOf(from, search, 0);
  if (root !== undefined) return root;
  throw new Refusal(search.expired ? 'QP7719' : 'QP7720');
}

interface Search {
  readonly trusted: readonly Certificate[];
  readonly others: readonly Certificate[];
  readonly at: number;
  tries: number;
  expired: boolean;
}

/** @param below how many certificates of authorities are below this one */
function rootOf(one: Certificate, search: Search, depth: number): Certificate | undefined {
  if (one.validity.from > search.at || one.validity.to < search.at) {
    search.expired = true;
    return undefined;
  }
  const own = search.trusted.find(({ whole }) => same(whole, one.whole));
  if (own !== undefined) return own;
  if (depth >= MAX_DEPTH) return undefined;
  for (const issuer of [...search.trusted, ...search.others]) {
    if (!same(issuer.subject, one.issuer) || !mayIssue(issuer, depth)) continue;
    search.tries += 1;
    if (search.tries > MAX_TRIES) return undefined;
    if (!hasSigned(issuer, one)) continue;
    const root = rootOf(issuer, search, depth + 1);
    if (root !== undefined) return root;
  }
  return undefined;
}

/** @param depth number of authorities between this one and the timestamp's certificate */
function mayIssue({ extensions }: Certificate, depth: number): boolean {
  const { basicConstraints, keyUsage, extendedKeyUsage, unknown } = extensions;
  if (basicConstraints?.isAuthority !== true || unknown.length > 0) return false;
  if (basicConstraints.pathLength !== undefined && depth > basicConstraints.pathLength) return false;
  if (keyUsage !== undefined && !keyUsage.has(KEY_USAGE.certificateSigning)) return false;
  const purposes = extendedKeyUsage?.purposes;
  return purposes === undefined || purposes.includes(TIME_STAMPING) || purposes.includes(ANY_PURPOSE);
}

function hasSigned(issuer: Certificate, { signed, signature, algorithm }: Certificate): boolean {
  try {
    return issuer.key().holds(signature, signed, algorithm);
  } catch (error) {
    // A key or algorithm that is not accepted ends this path only.
    if (error instanceof Refusal) return false;
    throw error;
  }
}
