/** Converts bundles and openings of version 1 to version 2, with the same key and proof (SPEC.md, section 11). */
import type { Json } from '../canonical.ts';
import { putStatement } from '../seal.ts';
import { seal, statementFor } from './seal.ts';

/** Writes a list of equal entries as a single value. */
const each = (value: Json): Json => (Array.isArray(value) && new Set(value).size === 1 ? value[0] : value);

/** Members of version 2 that a record of version 1 does not have. */
export interface Added {
  readonly outputName: string;
  readonly quality: Json;
  /** 64 hex digits; a real salt is random. */
  readonly salt: string;
}

function outputOf({ output, signals }: Json, name: string): Json {
  const { names, unit, head, scale, count, lo } = output;
  if (output.kind === 'argmax') return { name, kind: 'label', count, rule: { kind: 'argmax' }, names };
  if (output.kind === 'threshold')
    return {
      name,
      kind: 'label',
      count: 2,
      rule: { kind: 'threshold', threshold: output.threshold, head },
      names,
    };
  const max = each(signals[0].max);
  if (count === 1) return { name, kind: 'score', lo: lo[0], max, scale, head, unit };
  return { name, kind: 'vector', count, lo: each(lo), max, scale, head, names, unit };
}

function partOf({ shape, encoding, names, units }: Json): Json {
  const { kind, ...rest } = encoding;
  const members = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, each(value)]));
  const listed = Object.values(members).some(Array.isArray);
  return {
    name: 'input',
    shape,
    encoding: { kind, axes: listed ? shape.map((_: number, axis: number) => axis) : [], ...members },
    names,
    units,
  };
}

export function convertBundle(
  { model, publicSignals, proof }: Json,
  { outputName, quality, salt }: Added,
): Json {
  const { name, input } = model.interface;
  const { weights, quantization, ...manifest } = model.manifest;
  const bundle = {
    version: 'quietproof/bundle/v2',
    statement: { payloadType: 'application/vnd.in-toto+json', signatures: [] },
    proof,
    publicSignals,
    row: { index: 0 },
    model: {
      version: 'quietproof/model/v2',
      interface: {
        version: 'quietproof/interface/v2',
        name,
        weights: { kind: weights },
        outputs: [outputOf(model.interface, outputName)],
        input: { mode: input.mode, parts: [partOf(input)] },
      },
      manifest: {
        ...manifest,
        version: 'quietproof/manifest/v2',
        quantization: { kind: 'uniform', ...quantization },
      },
      quality,
      setup: { kind: model.setup.kind },
      verificationKey: model.verificationKey,
    },
  };
  putStatement(bundle, statementFor(salt));
  // The copy drops members that are undefined.
  return seal(JSON.parse(JSON.stringify(bundle)));
}

export function convertOpening(opening: Json, modelId: string): Json {
  return { ...opening, version: 'quietproof/opening/v2', modelId };
}
