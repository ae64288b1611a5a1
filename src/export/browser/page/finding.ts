import type { CheckId, MissingPart, RefusalCode, Verdict } from '@quietproof/verify';

/** How it is known whose model it is. Only with one of these is a result green. */
export type Basis =
  /** The reader gave its id. */
  | 'named-by-reader'
  /** The page checks proofs of this model only. */
  | 'model-of-page'
  /** A producer whom the reader's trust file names has released it. */
  | 'released';

/** What a check lacks; or the receipt itself, when only a file that belongs to one was opened. */
export type Missing = MissingPart | 'receipt';
export type OtherData = 'differs' | 'too-far' | 'wrong-opening' | 'unfit';
export type Unreadable = 'not-a-receipt' | 'damaged';

/** What the page tells its reader: a verdict, seen from what the reader can do about it. */
export type Finding =
  | { readonly kind: 'confirmed'; readonly basis: Basis }
  | { readonly kind: 'unconfirmed' }
  /** The key is a development key: its maker can forge proofs, even if the model is the expected one. */
  | { readonly kind: 'trial'; readonly basis: Basis | undefined }
  | { readonly kind: 'another-model' }
  /** Its producer has retired the model. */
  | { readonly kind: 'retired' }
  /** The reader asks who vouches for the key, and it is one that its maker made alone. */
  | { readonly kind: 'self-made' }
  | { readonly kind: 'other-occasion' }
  | { readonly kind: 'other-data'; readonly why: OtherData }
  | { readonly kind: 'changed' }
  | { readonly kind: 'forgeable' }
  | { readonly kind: 'unreadable'; readonly why: Unreadable }
  | { readonly kind: 'newer' }
  | { readonly kind: 'incomplete'; readonly missing: Missing };

export type FindingKind = Finding['kind'];

/** Green, amber or red. */
export type Tone = 'good' | 'open' | 'bad';

export const TONES: Readonly<Record<FindingKind, Tone>> = {
  confirmed: 'good',
  unconfirmed: 'open',
  trial: 'open',
  incomplete: 'open',
  newer: 'open',
  'another-model': 'bad',
  retired: 'bad',
  'self-made': 'bad',
  'other-occasion': 'bad',
  'other-data': 'bad',
  changed: 'bad',
  forgeable: 'bad',
  unreadable: 'bad',
};

/** What was checked, beside its verdict. */
export interface Circumstances {
  /** How the expected model is known, if one is expected. */
  readonly basis: Basis | undefined;
  /** The bundle has no model record of its own. */
  readonly thin: boolean;
  /** It is the page's own bundle, or says that it is a bundle: what is wrong with it is not that it is another file. */
  readonly ours: 'page' | 'file' | undefined;
}

/** What the reader asked. A failure of anything else says more, and comes first. */
const ASKED: readonly CheckId[] = ['model', 'context', 'input'];

/** A key that others can recompute, or for which proofs can be made without it. */
const FORGEABLE: readonly RefusalCode[] = ['QP7106', 'QP7306', 'QP7307', 'QP7308'];
const NEWER: readonly RefusalCode[] = ['QP7010', 'QP7012'];

const OTHER_DATA: Partial<Record<RefusalCode, OtherData>> = {
  QP7603: 'wrong-opening',
  QP7605: 'unfit',
  QP7607: 'too-far',
};

export function findingOf(verdict: Verdict, circumstances: Circumstances): Finding {
  const [missing] = verdict.missing;
  if (missing !== undefined) return { kind: 'incomplete', missing };
  if (!verdict.valid) return failure(verdict, circumstances);
  const basis = verdict.pinned ? circumstances.basis : undefined;
  if (verdict.model?.setup === 'development') return { kind: 'trial', basis };
  return basis === undefined ? { kind: 'unconfirmed' } : { kind: 'confirmed', basis };
}

function failure({ checks }: Verdict, { basis, thin, ours }: Circumstances): Finding {
  const failed = checks.filter(({ status }) => status === 'fail');
  const worst = failed.find(({ id }) => !ASKED.includes(id)) ?? failed[0];
  const code = worst?.code;
  if (worst === undefined || code === undefined) return { kind: 'changed' };
  // A thin bundle that was checked with the record of another model.
  if (thin && code === 'QP7202')
    return basis === undefined ? { kind: 'incomplete', missing: 'model-record' } : { kind: 'another-model' };
  switch (worst.id) {
    case 'model':
      return { kind: code === 'QP7225' ? 'retired' : 'another-model' };
    case 'context':
      return { kind: 'other-occasion' };
    case 'input':
      return { kind: 'other-data', why: OTHER_DATA[code] ?? 'differs' };
    case 'format':
      return unreadable(code, ours);
    case 'setup':
      return { kind: code === 'QP7226' ? 'self-made' : FORGEABLE.includes(code) ? 'forgeable' : 'changed' };
    default:
      return { kind: FORGEABLE.includes(code) ? 'forgeable' : 'changed' };
  }
}

function unreadable(code: RefusalCode, ours: Circumstances['ours']): Finding {
  if (NEWER.includes(code)) return { kind: 'newer' };
  switch (ours) {
    case 'page':
      return { kind: 'unreadable', why: 'damaged' };
    case 'file':
      return { kind: 'changed' };
    case undefined:
      return { kind: 'unreadable', why: 'not-a-receipt' };
  }
}
