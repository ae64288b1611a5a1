import type { AnyBundle, AnyModelRecord, AnyOpening } from '@quietproof/verify';
import {
  assembleBundle,
  assembleBundleV2,
  type ProvedRow,
  type ProvedRowV2,
} from '../bundle/assemble-bundle.ts';
import { makeOpening, makeOpeningV2, type OpeningParts } from '../bundle/make-opening.ts';

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
