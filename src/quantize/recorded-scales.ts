import { QuietproofError } from '../errors/quietproof-error.ts';
import type { ScaleSource } from './scale-source.ts';

/**
 * What a manifest records of a layer's scales: that of its coarsest values, how the others differ, and the shift of an
 * activation, with the offset of a table. Plain data.
 */
export interface RecordedLayer {
  readonly scale: number;
  readonly finer?: FinerRuns;
  readonly shift?: number;
  readonly offset?: number;
}

/**
 * Values of a layer in finer steps than its coarsest ones, as runs in the order of its outputs: [how many values follow,
 * by how many powers of two they are finer]. Missing if all have one scale.
 */
export type FinerRuns = readonly (readonly [values: number, powers: number])[];

/** @throws QuietproofError QP3016 for a layer that is not recorded */
export function recordedScales(layers: ReadonlyMap<string, RecordedLayer>): ScaleSource {
  const recorded = (name: string) => {
    const layer = layers.get(name);
    if (layer === undefined || !(layer.scale > 0 && layer.scale < Infinity)) throw missing(name);
    return layer;
  };
  return {
    scales: ({ name, values }) => {
      const { scale, finer = [[values.length, 0]] } = recorded(name);
      const scales = new Float64Array(values.length);
      let at = 0;
      for (const [count, powers] of finer) {
        scales.fill(scale / 2 ** powers, at, at + count);
        at += count;
      }
      if (at !== values.length || !scales.every((own) => own > 0 && own < Infinity)) throw missing(name);
      return scales;
    },
    shift: ({ name }) => recorded(name).shift ?? 0,
    window: ({ name }) => {
      const { shift = 0, offset = 0 } = recorded(name);
      return { shift, offset };
    },
    varies: () => true,
    magnitude: () => 0,
  };
}

function missing(layer: string): QuietproofError {
  return new QuietproofError('QP3016', { where: `layer "${layer}"` });
}

/** @param scales of a layer's values, powers of two apart */
export function finerRuns(scales: Float64Array): FinerRuns {
  const coarsest = scales.reduce((a, b) => Math.max(a, b));
  const runs: [number, number][] = [];
  for (const scale of scales) {
    let powers = 0;
    while (scale * 2 ** powers < coarsest) powers += 1;
    const last = runs.at(-1);
    if (last?.[1] === powers) last[0] += 1;
    else runs.push([1, powers]);
  }
  return runs;
}
