import { TRANSCRIPT_TYPE } from '../transcript/transcript-types.ts';
import type { BundleV2, StatementV2, ThinBundleV2 } from './bundle-types.ts';
import { type PlacedSidecar, placedSidecars } from './check-sidecars.ts';
import type { ModelRecordV2 } from './record-types.ts';
import { LOG_PROOF_TYPE, type Sidecar } from './sidecar-types.ts';

/** A part of a bundle that the verifier did not check. */
export interface Unchecked {
  /** e.g. `model.interface.other.x`, `sidecars.attestations[0]`, `model.setup.transcript` */
  readonly path: string;
  /** For a sidecar: its media type, and its subject by its own account. */
  readonly type?: string;
  readonly about?: Sidecar['about'];
}

/** The parts of a record that a verifier has read. */
export interface ReadParts {
  readonly bundle: ThinBundleV2 & Partial<BundleV2>;
  readonly model?: ModelRecordV2 | undefined;
  readonly statement?: StatementV2 | undefined;
  readonly opening?: object | undefined;
}

/** By path, sorted by UTF-16 code unit. Paths of the model record begin with `model.`, in thin bundles too. */
export function uncheckedOf({ bundle, model, statement, opening }: ReadParts): Unchecked[] {
  const { model: _, ...thin } = bundle;
  const found = [
    ...othersIn(thin, ''),
    ...sidecarsOf(bundle, ''),
    ...othersIn(statement, 'statement'),
    ...othersIn(opening, 'opening'),
    ...(model === undefined ? [] : [...othersIn(model, 'model'), ...sidecarsOf(model, 'model.')]),
    ...(model === undefined ? [] : namedTranscript(model)),
  ];
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Each member of each `other`. A tool named `other` is a text and not such an object. */
function othersIn(value: unknown, path: string): Unchecked[] {
  // Most have none, for which no paths need to be written.
  return holdsOther(value) ? membersOfOthers(value, path) : [];
}

function holdsOther(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsOther);
  return Object.hasOwn(value, 'other') || Object.values(value).some(holdsOther);
}

function membersOfOthers(value: unknown, path: string): Unchecked[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => membersOfOthers(item, `${path}[${index}]`));
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const at = path === '' ? key : `${path}.${key}`;
    if (key !== 'other' || typeof member !== 'object' || member === null) return membersOfOthers(member, at);
    return Object.keys(member).map((name) => ({ path: `${at}.${name}` }));
  });
}

/** Types of the sidecars that a check of their own is about. */
const CHECKED: { readonly [P in PlacedSidecar['place']]?: string } = {
  transcript: TRANSCRIPT_TYPE,
  logProof: LOG_PROOF_TYPE,
};

function sidecarsOf({ sidecars }: Pick<ModelRecordV2 | ThinBundleV2, 'sidecars'>, at: string): Unchecked[] {
  return placedSidecars(sidecars)
    .filter(({ place, sidecar }) => CHECKED[place] !== sidecar.type)
    .map(({ path, sidecar: { type, about } }) => ({
      path: `${at}${path}`,
      type,
      about,
    }));
}

/** A transcript that the setup names but the record does not contain; contained ones are listed as sidecars. */
function namedTranscript({ setup, sidecars }: ModelRecordV2): Unchecked[] {
  if (setup.kind !== 'ceremony' || setup.transcript === undefined) return [];
  return sidecars?.transcript === undefined ? [{ path: 'model.setup.transcript' }] : [];
}
