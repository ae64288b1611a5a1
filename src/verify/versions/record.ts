import type { Bundle, ModelRecord, ThinBundle } from '../bundle/bundle-types.ts';
import { keyId, modelId } from '../bundle/ids.ts';
import { checkBinding, openEnvelope } from '../bundle/statement.ts';
import type { Reading } from '../interface/reading.ts';
import { readingOfV1 } from '../interface/reading-of-v1.ts';
import type { Hex } from '../json/encoded-types.ts';
import { Refusal } from '../refusal.ts';
import type { BundleV2, StatementV2, ThinBundleV2 } from '../v2/bundle-types.ts';
import { checkInterfaceV2 } from '../v2/check-interface.ts';
import { checkQuality } from '../v2/check-quality.ts';
import { checkBundleSidecars, checkModelSidecars } from '../v2/check-sidecars.ts';
import { modelIdV2, recordIdentity } from '../v2/ids.ts';
import type { ModelRecordV2 } from '../v2/record-types.ts';
import { checkBindingV2, checkBound, openEnvelopeV2 } from '../v2/statement.ts';
import {
  type AnyBundle,
  type AnyInterface,
  type AnyModelRecord,
  type AnyOpening,
  parseAnyOpening,
} from './any-version.ts';

/** A bundle with its model record, both of the same version. */
export type AnyRecord =
  | { readonly version: 1; readonly bundle: ThinBundle & Partial<Bundle>; readonly model: ModelRecord }
  | { readonly version: 2; readonly bundle: ThinBundleV2 & Partial<BundleV2>; readonly model: ModelRecordV2 };

/** Version of the format. */
export type FormatVersion = AnyRecord['version'];

/** The content of a statement of any version. */
export interface OpenedStatement {
  readonly recordId: Hex;
  readonly row?: number;
  /** Version 2 only, like the next three members. */
  readonly statementDigest?: Hex;
  readonly leaf?: Hex;
  readonly contextId?: Hex;
  readonly statement?: StatementV2;
  /** @throws Refusal QP7202 to QP7206 */
  readonly checkBinding: () => void;
  /** @throws Refusal QP7208 */
  readonly checkSidecars: () => void;
}

export function versionOf(bundle: AnyBundle): FormatVersion {
  return bundle.version === 'quietproof/bundle/v1' ? 1 : 2;
}

/** The model id that the bundle's statement names. @throws Refusal QP7201; QP7010 for a statement of another version */
export function modelNamedBy(bundle: AnyBundle): Hex {
  const { statement } =
    bundle.version === 'quietproof/bundle/v1'
      ? openEnvelope(bundle.statement)
      : openEnvelopeV2(bundle.statement);
  return statement.subject[0].digest.sha256;
}

/** @throws Refusal QP7010 when the versions differ */
export function pairOf(bundle: AnyBundle, model: AnyModelRecord): AnyRecord {
  if (bundle.version === 'quietproof/bundle/v1' && model.version === 'quietproof/model/v1') {
    return { version: 1, bundle, model };
  }
  if (bundle.version === 'quietproof/bundle/v2' && model.version === 'quietproof/model/v2') {
    return { version: 2, bundle, model };
  }
  const what = 'The bundle and its model record have different versions';
  throw new Refusal('QP7010', { what, where: `${bundle.version} and ${model.version}` });
}

/** Reads an opening of the same version as the bundle. @throws Refusal QP7001 to QP7010 */
export function parseOpeningOf(version: FormatVersion, source: string | Uint8Array): AnyOpening {
  const opening = parseAnyOpening(source);
  if (opening.version === `quietproof/opening/v${version}`) return opening;
  const what = 'The bundle and the opening have different versions';
  throw new Refusal('QP7010', { what, where: `${opening.version}, but the bundle has version ${version}` });
}

/** Checks that the three ids match the parts of the record. @throws Refusal QP7102 to QP7104 */
export function checkModelIds(record: AnyModelRecord): void {
  const { ids, manifest } = record;
  const key = keyId(record.verificationKey);
  if (ids.keyId !== key) throw new Refusal('QP7102', { where: `${ids.keyId}, but the key gives ${key}` });
  if (ids.circuitId !== manifest.chain.circuit) throw new Refusal('QP7103');
  const model =
    record.version === 'quietproof/model/v1' ? modelIdV1(record) : modelIdV2({ ...record, ...ids });
  if (ids.modelId !== model)
    throw new Refusal('QP7104', { where: `${ids.modelId}, but the parts give ${model}` });
}

function modelIdV1({ ids, interface: modelInterface, setup }: ModelRecord): Hex {
  return modelId({ ...ids, interface: modelInterface, setup });
}

/** @throws Refusal QP7105 when the interface contradicts itself */
export function readingOf(modelInterface: AnyInterface): Reading {
  return modelInterface.version === 'quietproof/interface/v1'
    ? readingOfV1(modelInterface)
    : checkInterfaceV2(modelInterface);
}

/** Checks the interface, and the quality if the record has one. @throws Refusal QP7105, QP7107 */
export function checkDescription(record: AnyModelRecord): Reading {
  const reading = readingOf(record.interface);
  if (record.version === 'quietproof/model/v2') checkQuality(record.quality);
  return reading;
}

/** Checks that each sidecar of the record is bound to its subject. @throws Refusal QP7208 */
export function checkSidecarsOf(record: AnyModelRecord): void {
  if (record.version === 'quietproof/model/v2') checkModelSidecars(record);
}

/** A model record that passed its own checks, those of its sidecars among them. */
export interface CheckedModel {
  readonly record: AnyModelRecord;
  /** Of its manifest. Version 2 only. */
  readonly manifestDigest?: Hex;
}

/**
 * @param checked what is known of the record's model: its sidecars and its manifest are not read again for each bundle
 * @throws Refusal QP7201; QP7010 for a statement of another version
 */
export function openStatement(record: AnyRecord, checked?: CheckedModel): OpenedStatement {
  const { publicSignals } = record.bundle;
  if (record.version === 1) {
    const { statement, recordId } = openEnvelope(record.bundle.statement);
    return {
      recordId,
      row: statement.predicate.row.index,
      checkBinding: () => checkBinding(statement, record.model, publicSignals),
      checkSidecars: () => {},
    };
  }
  const { bundle, model } = record;
  const { statement, statementDigest, leaf } = openEnvelopeV2(bundle.statement);
  const { contextId } = statement.predicate;
  const manifest = checked?.record === model ? checked.manifestDigest : undefined;
  return {
    recordId: identityOf(record),
    statementDigest,
    leaf,
    statement,
    ...(contextId !== undefined && { contextId }),
    ...(bundle.row !== undefined && { row: bundle.row.index }),
    checkBinding: () =>
      manifest === undefined
        ? checkBindingV2(statement, model, publicSignals)
        : checkBound(statement, { modelId: model.ids.modelId, manifest }, publicSignals),
    checkSidecars: () => {
      if (manifest === undefined) checkModelSidecars(model);
      checkBundleSidecars(bundle.sidecars, statementDigest);
    },
  };
}

/** The identity that all bundles of one record share, in either version. */
export function identityOf({ model, bundle }: AnyRecord): Hex {
  return recordIdentity(model.ids.modelId, bundle.publicSignals);
}
