import type { Bundle, ModelRecord, ThinBundle } from '../bundle/bundle-types.ts';
import { readBundle, readOpening, readRecord } from '../bundle/read-bundle.ts';
import type { Opening } from '../input/opening-types.ts';
import type { ModelInterface } from '../interface/model-interface.ts';
import { readInterface } from '../interface/read-interface.ts';
import { readFileJson } from '../json/read-file.ts';
import { versions } from '../json/read-open.ts';
import type { BundleV2, ThinBundleV2 } from '../v2/bundle-types.ts';
import type { InterfaceV2 } from '../v2/interface-types.ts';
import type { OpeningV2 } from '../v2/opening-types.ts';
import { readBundleV2, readOpeningV2 } from '../v2/read-bundle.ts';
import { readInterfaceV2 } from '../v2/read-interface.ts';
import { readRecordV2 } from '../v2/read-record.ts';
import type { ModelRecordV2 } from '../v2/record-types.ts';

/** Thin or packed. */
export type AnyBundle = (ThinBundle & Partial<Bundle>) | (ThinBundleV2 & Partial<BundleV2>);
export type AnyModelRecord = ModelRecord | ModelRecordV2;
export type AnyInterface = ModelInterface | InterfaceV2;
export type AnyOpening = Opening | OpeningV2;

const readAnyBundle = versions({ 'quietproof/bundle/v1': readBundle, 'quietproof/bundle/v2': readBundleV2 });
const readAnyRecord = versions({ 'quietproof/model/v1': readRecord, 'quietproof/model/v2': readRecordV2 });
export const readAnyInterface = versions({
  'quietproof/interface/v1': readInterface,
  'quietproof/interface/v2': readInterfaceV2,
});
const readAnyOpening = versions({
  'quietproof/opening/v1': readOpening,
  'quietproof/opening/v2': readOpeningV2,
});

/** Reads a `*.proof.json` of any version, thin or packed. @throws Refusal QP7001 to QP7012 */
export function parseAnyBundle(source: string | Uint8Array): AnyBundle {
  return readFileJson(source, readAnyBundle);
}

/** Reads a `model.json` of any version. Checks the form only. @throws Refusal QP7001 to QP7012 */
export function parseAnyModelRecord(source: string | Uint8Array): AnyModelRecord {
  return readFileJson(source, readAnyRecord);
}

/** Reads an interface of any version on its own: its form only. @throws Refusal QP7001 to QP7012 */
export function parseAnyInterface(source: string | Uint8Array): AnyInterface {
  return readFileJson(source, readAnyInterface);
}

/** Reads an `*.opening.json` of any version. @throws Refusal QP7001 to QP7012 */
export function parseAnyOpening(source: string | Uint8Array): AnyOpening {
  return readFileJson(source, readAnyOpening);
}
