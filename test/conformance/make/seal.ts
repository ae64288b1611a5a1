import { createHash } from 'node:crypto';
import { canonical, type Json } from './canonical.ts';

export const hash = (tag: string, bytes: string | Uint8Array): string =>
  createHash('sha256').update(`quietproof/${tag}/v1`).update(bytes).digest('hex');

export const statementOf = (bundle: Json): Json =>
  JSON.parse(Buffer.from(bundle.statement.payload, 'base64').toString());

export function putStatement(bundle: Json, statement: Json | string): void {
  const text = typeof statement === 'string' ? statement : canonical(statement);
  bundle.statement.payload = Buffer.from(text).toString('base64');
}

/** Recomputes the ids of the model record, as its maker or a forger would. */
export function identify(model: Json): void {
  model.ids.circuitId = model.manifest.chain.circuit;
  model.ids.keyId = hash('key', canonical(model.verificationKey));
  const { circuitId, keyId } = model.ids;
  model.ids.modelId = hash(
    'model',
    canonical({ circuitId, interface: model.interface, keyId, setup: model.setup }),
  );
}

/** Recomputes only the digests in the statement. */
export function bind(bundle: Json): void {
  const { model, publicSignals } = bundle;
  const statement = statementOf(bundle);
  statement.subject[0].digest.sha256 = model.ids.modelId;
  statement.subject[1].digest.sha256 = hash('public-signals', canonical(publicSignals));
  statement.predicate.circuitId = model.ids.circuitId;
  statement.predicate.keyId = model.ids.keyId;
  statement.predicate.interface = hash('interface', canonical(model.interface));
  statement.predicate.manifest = hash('manifest', canonical(model.manifest));
  statement.predicate.context = publicSignals.at(-1) ?? '0';
  putStatement(bundle, statement);
}

/** Recomputes both, so that all digests in the bundle are correct. */
export function seal(bundle: Json): Json {
  identify(bundle.model);
  bind(bundle);
  return bundle;
}
