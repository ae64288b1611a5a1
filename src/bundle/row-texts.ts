import {
  type AnyBundle,
  type AnyModelRecord,
  type AnyOpening,
  fileJson,
  type RowValue,
  readingOf,
  splitSignals,
} from '@quietproof/verify';
import {
  assembleBundle,
  assembleBundleV2,
  bundleText,
  type ProvedRow,
  type ProvedRowV2,
  packBundle,
} from './assemble-bundle.ts';
import type { RowTexts } from './batch-folder.ts';
import { makeOpening, makeOpeningV2, type OpeningParts } from './make-opening.ts';

/** What the files of one row are made of, beside its proof. */
export interface RowParts {
  /** Index of the row in its data file. */
  readonly index: number;
  /** The record's part of the context, in hex. */
  readonly contextId?: string;
  /** Makes the opening too. */
  readonly opening?: {
    /** The encoded row. */
    readonly values: readonly number[];
    readonly salt: bigint;
    /** The original row; omitted if a value was clamped. */
    readonly input?: readonly RowValue[];
  };
}

/** The bundle of one row, in the version of its model record. */
export function bundleOfRow(
  model: AnyModelRecord,
  proved: ProvedRow & Pick<ProvedRowV2, 'contextId'>,
): AnyBundle {
  return model.version === 'quietproof/model/v1'
    ? assembleBundle(model, proved)
    : assembleBundleV2(model, proved);
}

/** The opening of one row, in the version of its model record. */
export function openingOfRow(model: AnyModelRecord, parts: OpeningParts): AnyOpening {
  return model.version === 'quietproof/model/v1' ? makeOpening(model, parts) : makeOpeningV2(model, parts);
}

/**
 * The files of one row. The opening states the digest that was proved.
 *
 * @param pack the bundle contains the record
 */
export function rowTexts(
  model: AnyModelRecord,
  proved: Omit<ProvedRow, 'row'>,
  { index, opening, ...own }: RowParts,
  pack: boolean,
): RowTexts {
  const thin = bundleOfRow(model, { ...proved, row: { index }, ...own });
  const bundle = bundleText(pack ? packBundle(thin, model) : thin);
  if (opening === undefined) return { bundle };
  const [digest] = splitSignals(readingOf(model.interface), proved.publicSignals).input;
  return { bundle, opening: fileJson(openingOfRow(model, { ...opening, index, digest: digest! })) };
}
