import { type ExpectedModel, expectedModel } from '@quietproof/verify/command/model-records';
import { readNamed } from '@quietproof/verify/command/read-source';
import { trustQuestion } from '@quietproof/verify/command/trust-question';
import { type Certificate, readCertificates } from '@quietproof/verify/timestamp';
import { sha256 } from '../data/sha256.ts';
import { readSigningKey, type SigningKey } from '../sign/signing-key.ts';
import type { AuditRequest } from './audit-request.ts';
import { AuditTrust } from './checks/audit-trust.ts';
import { type Expected, readExpected } from './expected/read-expected.ts';
import type { MeasuredModel } from './findings/findings-types.ts';
import { requireSample } from './openings/openings-asked.ts';
import { measureModels } from './quality/measure-models.ts';
import type { AuditSource } from './sources/audit-source.ts';
import { AuditState, stamp } from './state/audit-state.ts';

/** What is given to an audit beside the sources, read and in order. */
export interface GivenInputs {
  readonly trust?: AuditTrust;
  readonly models: readonly ExpectedModel[];
  readonly key?: SigningKey;
  readonly expected?: Expected;
  readonly roots?: readonly Certificate[];
  /** By model id. */
  readonly measured?: ReadonlyMap<string, MeasuredModel>;
  /** A digest of everything beside the records and their folders that their results depend on. */
  readonly bound: string;
}

type Judged = Pick<GivenInputs, 'trust' | 'models'>;

/**
 * Reads all of it, for the time given, else for that of an audit of the same inputs that was stopped in this folder, else
 * for now.
 *
 * @throws QP6601, QP6605, QP6606, QP4506; UsageError; Refusal QP7210 to QP7212 (the trust file); QP7910 (the key); the error of the system
 */
export async function readGiven(
  request: AuditRequest,
  sources: readonly AuditSource[],
  out: string,
): Promise<GivenInputs> {
  const { sign, expected, timestampRoots, openings, models = [], measure } = request;
  if (openings !== undefined) requireSample(openings);
  const judged = await readJudged(request, sources, out);
  return {
    ...judged,
    ...(sign !== undefined && { key: await readSigningKey(sign) }),
    ...(expected !== undefined && { expected: await readExpected(expected) }),
    ...(timestampRoots !== undefined && { roots: readCertificates(await readNamed(timestampRoots)) }),
    ...(measure !== undefined && { measured: await measureModels(models, measure) }),
  };
}

async function readJudged(
  request: AuditRequest,
  sources: readonly AuditSource[],
  out: string,
): Promise<Judged & { readonly bound: string }> {
  const before = request.trust === undefined ? undefined : await AuditState.timeIn(out);
  const at = request.at ?? before;
  const judged = await readTrust({ ...request, ...(at !== undefined && { at }) });
  const bound = await boundTo(request, sources, judged);
  const fits = await AuditState.fits(out, bound);
  if (fits === true) request.onNote?.('Goes on with what an audit that was stopped has checked.');
  if (fits === false) {
    request.onNote?.('An audit of other inputs was stopped in this folder; everything is checked anew.');
  }
  return fits === false && at !== request.at
    ? { ...(await readTrust(request)), bound }
    : { ...judged, bound };
}

async function readTrust(request: AuditRequest): Promise<Judged> {
  const { trust: file, statements = [], models = [], at } = request;
  // Refuses statements and a time without anybody who could have signed.
  if (file === undefined) await trustQuestion({ statements, ...(at !== undefined && { at }) });
  const trust = file === undefined ? undefined : await AuditTrust.read(file, statements, at);
  return {
    models: await Promise.all(models.map(expectedModel)),
    ...(trust !== undefined && { trust }),
  };
}

async function boundTo(
  { program, at }: AuditRequest,
  sources: readonly AuditSource[],
  { trust, models }: Judged,
): Promise<string> {
  const given = await Promise.all(
    sources.map(async ({ name, kind }) => [name, kind, kind === 'archive' ? await stamp(name) : '']),
  );
  const statements = trust?.parts.statements.map(({ name, content }) => [name, sha256(content)]);
  const expected = models.map(({ modelId, source }) => [modelId, source && sha256(source)]);
  return sha256(JSON.stringify({ program, at, given, trust: trust?.sha256, statements, expected }));
}
