import { createHash } from 'node:crypto';
import type { Json } from '../canonical.ts';
import { putStatement } from '../seal.ts';
import { inputDigest } from './digest.ts';
import { contextSignal, seal, statementFor } from './seal.ts';
import { toyKey, toyProof } from './toy-key.ts';

/** The content of a toy bundle; everything else is computed from it. */
export interface Toy {
  /** The salts are derived from the name. */
  readonly name: string;
  readonly interface: Json;
  /** Signals of the outputs. */
  readonly outputs: readonly (number | bigint)[];
  /** One integer per feature. */
  readonly values: readonly number[];
  /** The row as texts, for the opening. */
  readonly input?: readonly string[] | undefined;
  /** Salt of the digest; default: derived from the name. */
  readonly salt?: bigint;
  /** Bits per value in the digest, if they differ from the widths that the interface gives. */
  readonly widths?: readonly number[];
  readonly caller: string;
  readonly contextId?: string;
  readonly manifest: Json;
  readonly quality: Json;
  readonly setup: Json;
  readonly sidecars?: Json;
  readonly modelSidecars?: Json;
}

const wordHash = (word: string) => createHash('sha256').update(word).digest('hex');

function groupOf(coordinates: readonly number[], shape: readonly number[], axes: readonly number[]): number {
  return axes.reduce((group, axis) => group * shape[axis]! + coordinates[axis]!, 0);
}

/** The maximum of each feature of a part, in row-major order (SPEC.md, section 15). */
function maximaOf({ shape, encoding }: Json): number[] {
  const count = shape.reduce((product: number, size: number) => product * size, 1);
  if (encoding.kind === 'rank32')
    return Array(count).fill(encoding.nan === 'coded' ? 4278190081 : 4278190080);
  if (encoding.kind === 'category')
    return Array(count).fill(encoding.values.length - (encoding.unknown === 'coded' ? 0 : 1));
  return Array.from({ length: count }, (_, index) => {
    const coordinates: number[] = [];
    for (const size of shape.toReversed()) {
      coordinates.unshift(index % size);
      index = Math.floor(index / size);
    }
    const { max } = encoding;
    return Number(Array.isArray(max) ? max[groupOf(coordinates, shape, encoding.axes)] : max);
  });
}

/** Bits of each feature's maximum. */
export const widthsOf = (modelInterface: Json): number[] =>
  modelInterface.input.parts.flatMap(maximaOf).map((max: number) => max.toString(2).length);

const saltOf = ({ name, salt }: Toy): bigint =>
  salt ?? BigInt(`0x${wordHash(`${name} opening`).slice(0, 32)}`);

function digestOf(toy: Toy): bigint {
  return inputDigest(toy.values, toy.widths ?? widthsOf(toy.interface), saltOf(toy));
}

/** A bundle that is valid if its interface is. */
export function toyBundle(toy: Toy): Json {
  const input = toy.interface.input.mode === 'digest' ? [digestOf(toy)] : toy.values;
  const context = contextSignal(toy.caller, toy.contextId);
  const publicSignals = [...toy.outputs, ...input, context].map(String);
  const bundle = {
    version: 'quietproof/bundle/v2',
    statement: { payloadType: 'application/vnd.in-toto+json', signatures: [] },
    proof: toyProof(publicSignals),
    publicSignals,
    row: { index: 0 },
    ...(toy.sidecars !== undefined && { sidecars: toy.sidecars }),
    model: {
      version: 'quietproof/model/v2',
      interface: toy.interface,
      manifest: toy.manifest,
      quality: toy.quality,
      setup: toy.setup,
      verificationKey: toyKey(publicSignals.length),
      ...(toy.modelSidecars !== undefined && { sidecars: toy.modelSidecars }),
    },
  };
  putStatement(bundle, statementFor(wordHash(toy.name), toy.contextId));
  return seal(structuredClone(bundle));
}

export function toyOpening(toy: Toy): Json {
  return {
    version: 'quietproof/opening/v2',
    modelId: toyBundle(toy).model.ids.modelId,
    digest: digestOf(toy).toString(),
    salt: saltOf(toy).toString(),
    values: [...toy.values],
    ...(toy.input !== undefined && { input: [...toy.input] }),
    row: { index: 0 },
  };
}

/** Changes the signals of the bundle, and makes a proof and a statement for them. */
export function withSignals(bundle: Json, change: (signals: string[]) => string[]): Json {
  bundle.publicSignals = change(bundle.publicSignals);
  bundle.proof = toyProof(bundle.publicSignals);
  return seal(bundle);
}
