import { featureCount, readingOf } from '@quietproof/verify';
import type { RankedFeatures } from '../quantize/input-encoding.ts';
import type { Claimed } from './read-claimed.ts';

/** Of the features that can be coded by rank, those that the interface claims are. A card or a number of bits may have asked for grids instead of ranks. */
export function rankedAsClaimed(ranked: RankedFeatures, { modelInterface }: Claimed): RankedFeatures {
  if (modelInterface.version === 'quietproof/interface/v1') return [];
  const { input } = readingOf(modelInterface);
  if (featureCount(input) !== ranked.length) return ranked;
  const kinds = modelInterface.input.parts.flatMap(({ encoding }, k) =>
    new Array<string>(input.parts[k]!.count).fill(encoding.kind),
  );
  return ranked.map((own, i) => (kinds[i] === own?.kind ? own : undefined));
}
