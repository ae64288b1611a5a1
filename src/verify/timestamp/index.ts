/** Timestamps of authorities (RFC 3161): `@quietproof/verify/timestamp`, apart from the rest, which does not need it. */
export { Refusal } from '../refusal.ts';
export type { Certificate } from './certificate.ts';
export {
  type CheckedTimestamp,
  checkTimestamp,
  type TimestampSubject,
  type TimestampTrust,
} from './check-timestamp.ts';
export type { DigestName } from './digests.ts';
export { readCertificates } from './pem.ts';
