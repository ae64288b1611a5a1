import { createHash } from 'node:crypto';
import { normalizeZ } from '@noble/curves/abstract/curve.js';
import { bn254 } from '@noble/curves/bn254.js';
import {
  type BundleV2,
  fileJson,
  type ModelRecordV2,
  R,
  StatementMaker,
  type ThinBundleV2,
} from '@quietproof/verify';
import type { SyntheticKey } from '../../export/solidity/support/synthetic.ts';
import { MixedModel, OUTPUTS } from '../../verify/support/mixed-model.ts';
import { g1Json, g2Json } from '../../verify/support/points.ts';

type G1 = InstanceType<typeof bn254.G1.Point>;

export interface MadeRecord {
  readonly name: string;
  readonly text: string;
}

/** Records whose points are made affine together. */
const BATCH = 256;
/** Points B, each shared by every so-many-th record. */
const CHAINS = 16;

/**
 * Any number of valid records of one model, each about another input: under a key whose secrets are known, from one
 * record to the next the proof takes two additions of points. Every record has another A, another C and another digest
 * of its input; the same number and seed give the same records.
 */
export class ManyRecords {
  readonly model: ModelRecordV2;
  readonly #maker: StatementMaker;
  readonly #key: SyntheticKey;
  readonly #signals: readonly bigint[];

  constructor(model = new MixedModel()) {
    this.model = model.record;
    this.#maker = new StatementMaker(model.record);
    this.#key = model.key;
    this.#signals = model.signals();
  }

  get modelText(): string {
    return fileJson(this.model);
  }

  /** Thin records with the names of a batch. @param signed changes the text before it is written */
  *records(count: number): Generator<MadeRecord> {
    const chains = Array.from({ length: CHAINS }, (_, at) => new Chain(this.#key, this.#signals, at));
    for (let from = 0; from < count; from += BATCH) {
      const made = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) =>
        chains[(from + at) % CHAINS]!.next(),
      );
      const affine = normalizeZ(
        bn254.G1.Point,
        made.flatMap(({ a, c }) => [a, c]),
      ) as G1[];
      for (const [at, { b, signals }] of made.entries()) {
        const proof = { a: affine[2 * at]!, b, c: affine[2 * at + 1]! };
        yield { name: nameOf(from + at), text: fileJson(this.#bundle(proof, signals, from + at)) };
      }
    }
  }

  #bundle(
    { a, b, c }: { a: G1; b: BundleV2['proof']['pi_b']; c: G1 },
    signals: readonly bigint[],
    index: number,
  ): ThinBundleV2 {
    const publicSignals = signals.map(String);
    const salt = createHash('sha256').update(`salt ${index}`).digest('hex');
    return {
      version: 'quietproof/bundle/v2',
      statement: this.#maker.seal(publicSignals, { salt }).envelope,
      proof: { protocol: 'groth16', curve: 'bn128', pi_a: g1Json(a), pi_b: b, pi_c: g1Json(c) },
      publicSignals,
      row: { index },
    };
  }
}

export function nameOf(index: number): string {
  return `${String(index).padStart(6, '0')}.proof.json`;
}

/** Proofs with one B, whose A grows by the generator and whose digest by CHAINS from one to the next. */
class Chain {
  readonly #b: BundleV2['proof']['pi_b'];
  readonly #step: G1;
  readonly #signals: bigint[];
  readonly #digest = OUTPUTS.length;
  #a: G1;
  #c: G1;

  constructor(key: SyntheticKey, signals: readonly bigint[], at: number) {
    const [a, b] = [1_000_003n * BigInt(at + 1), 7919n + BigInt(at)];
    this.#signals = [...signals];
    this.#signals[this.#digest] = (signals[this.#digest]! + BigInt(at)) % R;
    const { c, step } = key.chain(this.#signals, { a, b, index: this.#digest, by: BigInt(CHAINS) });
    this.#b = g2Json(bn254.G2.Point.BASE.multiply(b));
    this.#a = bn254.G1.Point.BASE.multiply(a);
    this.#c = bn254.G1.Point.BASE.multiply(c);
    this.#step = bn254.G1.Point.BASE.multiply(step);
  }

  next() {
    const made = { a: this.#a, b: this.#b, c: this.#c, signals: [...this.#signals] };
    this.#a = this.#a.add(bn254.G1.Point.BASE);
    this.#c = this.#c.add(this.#step);
    this.#signals[this.#digest] = (this.#signals[this.#digest]! + BigInt(CHAINS)) % R;
    return made;
  }
}
