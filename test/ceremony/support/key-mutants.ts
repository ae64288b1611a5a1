import { SCALAR_FIELD } from '../../../src/field/bn254.ts';
import { HEADER, SECTION } from '../../../src/formats/zkey-layout.ts';
import { g1Generator } from '../../../src/key/key-checker.ts';
import { pointOutsideG2 } from '../../support/outside-g2.ts';
import { addModulus, generatorOfG2, KeyFile, timesG1 } from './key-file.ts';

/** The keys that mutants are made of. */
export interface Subjects {
  /** Two contributions and a beacon. */
  readonly honest: Uint8Array;
  /** The same circuit and number of contributions, from another phase 1. */
  readonly foreign: Uint8Array;
}

export interface KeyMutant {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the check that should refuse it says: a code, and words. */
  readonly refusal: RegExp;
}

/** Uniform whole numbers from 0 to below − 1. */
type Draw = (below: number) => number;

interface Kind {
  readonly name: string;
  readonly make: (subjects: Subjects, draw: Draw) => Omit<KeyMutant, 'name'>;
}

const G1 = 64;
const G2 = 128;
/** Bytes of a contribution before its parameters: three points of G1, one of G2, a digest, type and length. */
const CONTRIBUTION = {
  g1S: G1,
  g1Sx: 2 * G1,
  g2Spx: 3 * G1,
  transcript: 3 * G1 + G2,
  bytes: 3 * G1 + G2 + 64,
};
const FIRST_CONTRIBUTION = 64 + 4;

const QUERIES = [
  { name: 'IC', id: SECTION.ic, size: G1 },
  { name: 'A', id: SECTION.a, size: G1 },
  { name: 'B1', id: SECTION.b1, size: G1 },
  { name: 'B2', id: SECTION.b2, size: G2 },
  { name: 'C', id: SECTION.c, size: G1 },
  { name: 'H', id: SECTION.h, size: G1 },
] as const;
type Query = (typeof QUERIES)[number];

/** What is said of a query that differs from the ceremony's. */
function differs({ name }: Query): RegExp {
  if (name === 'C' || name === 'H') return new RegExp(`QP5024 The ${name} points do not match`);
  return new RegExp(`QP5021 .*its ${name.toLowerCase()} differs`);
}

function edited(file: Uint8Array, edit: (key: KeyFile) => void): Uint8Array {
  const key = new KeyFile(file);
  edit(key);
  return key.bytes();
}

/** Two points of a query that differ and are not infinite. */
function twoPoints(points: Uint8Array, size: number, draw: Draw): [number, number] {
  for (;;) {
    const [one, other] = [draw(points.length / size) * size, draw(points.length / size) * size];
    const [a, b] = [one, other].map((at) => Buffer.from(points.subarray(at, at + size))) as [Buffer, Buffer];
    if (!a.equals(b) && a.some(Boolean) && b.some(Boolean)) return [one, other];
  }
}

function swap(points: Uint8Array, one: number, other: number, size: number): void {
  const kept = points.slice(one, one + size);
  points.copyWithin(one, other, other + size);
  points.set(kept, other);
}

const flips: Kind[] = QUERIES.map(({ name, id }) => ({
  name: `a bit of ${name} flipped`,
  make: ({ honest }, draw) => ({
    bytes: edited(honest, (key) => {
      const points = key.section(id);
      points[draw(points.length)]! ^= 1 << draw(8);
    }),
    refusal: new RegExp(`QP5022 .* of ${name} is (not on the curve|too large)`),
  }),
}));

const swaps: Kind[] = QUERIES.map((query) => ({
  name: `two points of ${query.name} swapped`,
  make: ({ honest }, draw) => ({
    bytes: edited(honest, (key) => {
      const points = key.section(query.id);
      swap(points, ...twoPoints(points, query.size, draw), query.size);
    }),
    refusal: differs(query),
  }),
}));

const replacements: Kind[] = QUERIES.map((query) => ({
  name: `a point of ${query.name} replaced by another valid one`,
  make: ({ honest, foreign }, draw) => ({
    bytes: edited(honest, (key) => {
      const points = key.section(query.id);
      const [at, from] = twoPoints(points, query.size, draw);
      const source = new KeyFile(foreign).section(query.id);
      points.set(source.subarray(from, from + query.size), at);
    }),
    refusal: differs(query),
  }),
}));

const notCanonical: Kind[] = QUERIES.map(({ name, id }) => ({
  name: `a coordinate of ${name} plus the modulus`,
  make: ({ honest }, draw) => ({
    bytes: edited(honest, (key) => addModulus(key.section(id), 32 * draw(key.section(id).length / 32))),
    refusal: new RegExp(`QP5022 A coordinate of ${name} is too large`),
  }),
}));

const cuts: Kind[] = QUERIES.map(({ name, id, size }) => ({
  name: `${name} cut`,
  make: ({ honest }, draw) => ({
    bytes: edited(honest, (key) => {
      const points = key.section(id);
      key.replace(id, points.subarray(0, points.length - (draw(2) === 0 ? size : 1 + draw(size))));
    }),
    refusal: /QP5013/,
  }),
}));

const HEADER_POINTS = [
  { name: 'alpha1', at: HEADER.alpha1, size: G1, refusal: /QP5022 .*alpha1|QP5021 .*alpha1/ },
  { name: 'beta1', at: HEADER.beta1, size: G1, refusal: /QP5022 .*beta1|QP5021 .*beta1/ },
  { name: 'beta2', at: HEADER.beta2, size: G2, refusal: /QP5022 .*beta2|QP5021 .*beta2/ },
  { name: 'gamma2', at: HEADER.gamma2, size: G2, refusal: /QP5022/ },
  { name: 'delta1', at: HEADER.delta1, size: G1, refusal: /QP5024/ },
  { name: 'delta2', at: HEADER.delta2, size: G2, refusal: /QP5024/ },
] as const;

const header: Kind[] = HEADER_POINTS.flatMap(({ name, at, size, refusal }) => [
  {
    name: `a bit of ${name} flipped`,
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        key.section(SECTION.header)[at + draw(size)]! ^= 1 << draw(8);
      }),
      refusal,
    }),
  },
  {
    name: `another point as ${name}`,
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const bytes = key.section(SECTION.header);
        const factor = BigInt(2 + draw(1000));
        bytes.set(size === G2 ? generatorOfG2(factor) : timesG1(bytes.subarray(at, at + size), factor), at);
      }),
      refusal,
    }),
  },
]);

const subgroup: Kind[] = [
  {
    name: 'a point of B2 outside of G2',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const points = key.section(SECTION.b2);
        points.set(pointOutsideG2(), draw(points.length / G2) * G2);
      }),
      refusal: /QP5022 A point of B2 is not in its group/,
    }),
  },
  {
    name: 'beta2 outside of G2',
    make: ({ honest }) => ({
      bytes: edited(honest, (key) => key.section(SECTION.header).set(pointOutsideG2(), HEADER.beta2)),
      refusal: /QP5022 A point of beta2 is not in its group/,
    }),
  },
  {
    name: 'delta2 outside of G2',
    make: ({ honest }) => ({
      bytes: edited(honest, (key) => key.section(SECTION.header).set(pointOutsideG2(), HEADER.delta2)),
      refusal: /QP5024/,
    }),
  },
  {
    name: 'a proof of knowledge outside of G2',
    make: ({ honest }) => ({
      bytes: edited(honest, (key) =>
        key.section(SECTION.contributions).set(pointOutsideG2(), FIRST_CONTRIBUTION + CONTRIBUTION.g2Spx),
      ),
      refusal: /QP5024/,
    }),
  },
];

const forgeries: Kind[] = [
  {
    name: 'IC is a multiple of delta',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const delta = key.section(SECTION.header).subarray(HEADER.delta1, HEADER.delta1 + G1);
        const ic = key.section(SECTION.ic);
        for (let at = 0; at < ic.length; at += G1) ic.set(timesG1(delta, BigInt(2 + at + draw(1000))), at);
      }),
      refusal: /QP5021 .*its ic differs/,
    }),
  },
  {
    name: 'the IC of another key',
    make: ({ honest, foreign }) => ({
      bytes: edited(honest, (key) => key.replace(SECTION.ic, new KeyFile(foreign).section(SECTION.ic))),
      refusal: /QP5021 .*its ic differs/,
    }),
  },
  {
    name: 'a point of C in the place of one of H, and the other way round',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const [c, h] = [key.section(SECTION.c), key.section(SECTION.h)];
        const [at, to] = [twoPoints(c, G1, draw)[0], twoPoints(h, G1, draw)[0]];
        const kept = c.slice(at, at + G1);
        c.set(h.subarray(to, to + G1), at);
        h.set(kept, to);
      }),
      refusal: /QP5024 The C points/,
    }),
  },
  ...QUERIES.filter(({ name }) => name === 'C' || name === 'H').map(
    (query): Kind => ({
      name: `all points of ${query.name} times a number`,
      make: ({ honest }, draw) => ({
        bytes: edited(honest, (key) => {
          const points = key.section(query.id);
          const factor = BigInt(2 + draw(1000));
          for (let at = 0; at < points.length; at += G1) {
            points.set(timesG1(points.subarray(at, at + G1), factor), at);
          }
        }),
        refusal: differs(query),
      }),
    }),
  ),
  {
    name: 'an honest transcript transplanted onto another key',
    make: ({ honest, foreign }) => ({
      bytes: edited(foreign, (key) => {
        const source = new KeyFile(honest);
        key.replace(SECTION.contributions, source.section(SECTION.contributions));
        const deltas = source.section(SECTION.header).subarray(HEADER.delta1);
        key.section(SECTION.header).set(deltas, HEADER.delta1);
      }),
      refusal: /QP5021 .*its alpha1 differs/,
    }),
  },
  {
    name: 'the key of another phase 1',
    make: ({ foreign }) => ({ bytes: foreign, refusal: /QP5021 .*its circuit hash differs/ }),
  },
];

/** The contributions of a key, each with its parameters. */
function contributionsIn(section: Uint8Array): Uint8Array[] {
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const found: Uint8Array[] = [];
  for (let at = FIRST_CONTRIBUTION; at < section.length; ) {
    const length = CONTRIBUTION.bytes + 8 + view.getUint32(at + CONTRIBUTION.bytes + 4, true);
    found.push(section.slice(at, at + length));
    at += length;
  }
  return found;
}

function withContributions(file: Uint8Array, change: (all: Uint8Array[]) => Uint8Array[]): Uint8Array {
  return edited(file, (key) => {
    const section = key.section(SECTION.contributions);
    const all = change(contributionsIn(section));
    const head = section.slice(0, FIRST_CONTRIBUTION);
    new DataView(head.buffer).setUint32(64, all.length, true);
    key.replace(SECTION.contributions, new Uint8Array(Buffer.concat([head, ...all])));
  });
}

const transcripts: Kind[] = [
  {
    name: 'a contribution removed',
    make: ({ honest }, draw) => ({
      bytes: withContributions(honest, (all) => all.toSpliced(draw(all.length), 1)),
      refusal: /QP5024/,
    }),
  },
  {
    name: 'two contributions exchanged',
    make: ({ honest }, draw) => ({
      bytes: withContributions(honest, (all) => {
        const at = draw(all.length - 1);
        return all.with(at, all[at + 1]!).with(at + 1, all[at]!);
      }),
      refusal: /QP5024/,
    }),
  },
  {
    name: 'a contribution twice',
    make: ({ honest }, draw) => ({
      bytes: withContributions(honest, (all) => {
        const at = draw(all.length);
        return all.toSpliced(at, 0, all[at]!);
      }),
      refusal: /QP5024/,
    }),
  },
  {
    name: 'the last contribution leads to a chosen delta',
    make: ({ honest }, draw) => ({
      bytes: chosenDelta(honest, BigInt(2 + draw(2 ** 30))),
      refusal: /QP5024 .*contribution 3/,
    }),
  },
  {
    name: 'the contribution of another ceremony',
    make: ({ honest, foreign }, draw) => ({
      bytes: withContributions(honest, (all) => {
        const at = draw(all.length);
        const others = contributionsIn(new KeyFile(foreign).section(SECTION.contributions));
        return all.with(at, others[at]!);
      }),
      refusal: /QP5024/,
    }),
  },
  ...(['g1S', 'g1Sx', 'g2Spx', 'transcript'] as const).map(
    (part): Kind => ({
      name: `a bit of a contribution's ${part} flipped`,
      make: ({ honest }, draw) => ({
        bytes: withContributions(honest, (all) => {
          const at = draw(all.length);
          const changed = all[at]!.slice();
          changed[CONTRIBUTION[part] + draw(64)]! ^= 1 << draw(8);
          return all.with(at, changed);
        }),
        refusal: /QP5024/,
      }),
    }),
  ),
  {
    name: 'a coordinate of a contribution plus the modulus',
    make: ({ honest }, draw) => ({
      bytes: withContributions(honest, (all) => {
        const at = draw(all.length);
        const changed = all[at]!.slice();
        addModulus(changed, 32 * draw(CONTRIBUTION.transcript / 32));
        return all.with(at, changed);
      }),
      refusal: /QP5024 A coordinate of contribution \d is too large/,
    }),
  },
  {
    name: 'a bit of the circuit hash flipped',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        key.section(SECTION.contributions)[draw(64)]! ^= 1 << draw(8);
      }),
      refusal: /QP5024/,
    }),
  },
  {
    name: 'a wrong number of contributions',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const section = key.section(SECTION.contributions);
        new DataView(section.buffer, section.byteOffset).setUint32(64, [0, 1, 2, 4, 2 ** 31][draw(5)]!, true);
      }),
      refusal: /QP5013/,
    }),
  },
];

/** Whoever chose δ knows it; only the proof of knowledge shows that the last contribution does not lead to it. */
function chosenDelta(honest: Uint8Array, delta: bigint): Uint8Array {
  const [delta1, delta2] = [timesG1(g1Generator(), delta), generatorOfG2(delta)];
  const changed = withContributions(honest, (all) => {
    const last = all.at(-1)!.slice();
    last.set(delta1);
    return all.with(-1, last);
  });
  return edited(changed, (key) => {
    key.section(SECTION.header).set(delta1, HEADER.delta1);
    key.section(SECTION.header).set(delta2, HEADER.delta2);
  });
}

const structure: Kind[] = [
  {
    name: 'a bit of a coefficient flipped',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const records = key.section(SECTION.coefficients);
        records[4 + draw(records.length - 4)]! ^= 1 << draw(8);
      }),
      refusal: /QP5013|QP5021 .*its coefficients differ/,
    }),
  },
  {
    name: 'two coefficients swapped',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const records = key.section(SECTION.coefficients).subarray(4);
        swap(records, ...twoPoints(records, 44, draw), 44);
      }),
      refusal: /QP5021 .*its coefficients differ/,
    }),
  },
  {
    name: 'a coefficient plus the modulus',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const records = key.section(SECTION.coefficients);
        addModulus(records, 4 + 44 * draw((records.length - 4) / 44) + 12, SCALAR_FIELD);
      }),
      refusal: /QP5013/,
    }),
  },
  {
    name: 'a wrong number of wires, public signals or domain points',
    make: ({ honest }, draw) => ({
      bytes: edited(honest, (key) => {
        const bytes = key.section(SECTION.header);
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        const at = [HEADER.nWires, HEADER.nPublic, HEADER.domainSize][draw(3)]!;
        view.setUint32(at, view.getUint32(at, true) + 1 + draw(9), true);
      }),
      refusal: /QP5013/,
    }),
  },
  {
    name: 'the end of the file cut',
    make: ({ honest }, draw) => ({
      bytes: honest.slice(0, honest.length - 1 - draw(honest.length - 1)),
      refusal: /QP5013/,
    }),
  },
];

const KINDS: readonly Kind[] = [
  ...flips,
  ...swaps,
  ...replacements,
  ...notCanonical,
  ...subgroup,
  ...forgeries,
  ...transcripts,
  ...header,
  ...structure,
  ...cuts,
];

/** The first `count` mutants, of every kind in turn. The same seed gives the same ones. */
export function* keyMutants(subjects: Subjects, count: number, seed: number): Generator<KeyMutant> {
  const draw = drawing(seed);
  // Coprime to the number of kinds, so that all are reached, and few mutants are of many families.
  const stride = 11;
  for (let i = 0; i < count; i += 1) {
    const { name, make } = KINDS[(i * stride) % KINDS.length]!;
    yield { name: `${i}: ${name}`, ...make(subjects, draw) };
  }
}

/** A small generator (mulberry32), since mutants must be reproducible. */
function drawing(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
