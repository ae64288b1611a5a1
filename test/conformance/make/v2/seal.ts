/** Ids, digests and statements of SPEC.md, section 13, written independently of the verifier. */
import { createHash } from 'node:crypto';
import { canonical, type Json } from '../canonical.ts';
import { hash as hashV1, putStatement, statementOf } from '../seal.ts';

export const sha256 = (tag: string, ...bytes: readonly (string | Uint8Array)[]): string =>
  bytes.reduce((sum, part) => sum.update(part), createHash('sha256').update(tag)).digest('hex');

const hash = (tag: string, ...bytes: readonly (string | Uint8Array)[]) =>
  sha256(`quietproof/${tag}/v2`, ...bytes);

/** int(h) of SPEC.md: all bytes except the first. */
export const low = (hex: string): bigint => BigInt(`0x${hex.slice(2)}`);

export const sidecarDigest = (content: Uint8Array): string => hash('sidecar', content);

/** The context signal of the caller's bytes and, if present, the record's part. */
export function contextSignal(caller: string, id?: string): bigint {
  return low(id === undefined ? hashV1('context', caller) : hash('context', Buffer.from(id, 'hex'), caller));
}

const payloadOf = (bundle: Json) => Buffer.from(bundle.statement.payload, 'base64');
export const statementDigest = (bundle: Json): string => hash('statement', payloadOf(bundle));
export const leafOf = (digest: string): string => hash('leaf', Buffer.from(digest, 'hex'));

/** The record id of a bundle of either version, packed or thin. */
export function recordIdOf(bundle: Json): string {
  if (bundle.version === 'quietproof/bundle/v1') return sha256('', payloadOf(bundle));
  const modelId = statementOf(bundle).subject[0].digest.sha256;
  return hash('record', canonical({ modelId, publicSignals: bundle.publicSignals }));
}

export function statementFor(salt: string, contextId?: string): Json {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'model', digest: { sha256: '' } },
      { name: 'public-signals', digest: { sha256: '' } },
    ],
    predicateType: 'https://quietproof.dev/attestation/inference/v2',
    predicate: { manifest: '', salt, ...(contextId !== undefined && { contextId }) },
  };
}

/** Recomputes the ids of the model record, as its maker or a forger would. */
function identify(model: Json): void {
  const circuitId = model.manifest.chain.circuit;
  const keyId = hashV1('key', canonical(model.verificationKey));
  const { interface: modelInterface, quality, setup } = model;
  const modelId = hash('model', canonical({ circuitId, interface: modelInterface, keyId, quality, setup }));
  model.ids = { circuitId, keyId, modelId };
}

/** Recomputes every digest in the statement. */
export function bind(bundle: Json): void {
  const statement = statementOf(bundle);
  statement.subject[0].digest.sha256 = bundle.model.ids.modelId;
  statement.subject[1].digest.sha256 = hashV1('public-signals', canonical(bundle.publicSignals));
  statement.predicate.manifest = hash('manifest', canonical(bundle.model.manifest));
  putStatement(bundle, statement);
}

const sidecarsOf = (owner: Json): Json[] =>
  Object.entries(owner.sidecars ?? {}).flatMap(([place, content]) =>
    place === 'other' ? [] : [content].flat(),
  );

/** Updates the subject digest of every sidecar to this record. */
export function rebind(bundle: Json): void {
  const { ids, setup } = bundle.model;
  const digests: Json = {
    model: ids.modelId,
    key: ids.keyId,
    transcript: setup.transcript,
    statement: statementDigest(bundle),
  };
  for (const { about } of [...sidecarsOf(bundle), ...sidecarsOf(bundle.model)])
    about.sha256 = digests[about.what] ?? about.sha256;
}

/** Recomputes every digest in the bundle. */
export function seal(bundle: Json): Json {
  identify(bundle.model);
  bind(bundle);
  rebind(bundle);
  return bundle;
}
