/** The toy models: their interfaces and rows. */
import { createHash } from 'node:crypto';
import { base } from '../../materialise.ts';
import type { Json } from '../canonical.ts';
import { convertBundle } from './convert.ts';
import { sidecarDigest } from './seal.ts';
import type { Toy } from './toy.ts';

const wordHash = (word: string) => createHash('sha256').update(word).digest('hex');
export const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');

/** A sidecar about one of the ids of its record. Sealing fills in the id. */
export const sidecar = (what: string, content: string | Uint8Array, sha256 = '0'.repeat(64)): Json => ({
  about: { what, sha256 },
  type: 'application/vnd.example.note',
  content: base64(content),
});

/** A sidecar about its bundle's statement. */
export const NOTE = sidecar('statement', 'a note');

/** SPEC.md, section 20: an interface with every kind of output and encoding. */
export const EVERY_KIND: Json = {
  version: 'quietproof/interface/v2',
  name: 'credit',
  weights: { kind: 'constants' },
  outputs: [
    {
      name: 'decision',
      kind: 'label',
      count: 2,
      rule: { kind: 'threshold', threshold: '0.5', head: 'sigmoid' },
      names: ['refused', 'granted'],
    },
    { name: 'band', kind: 'category', values: ['A', 'B', 'C'] },
    {
      name: 'score',
      kind: 'score',
      lo: '-40000',
      max: '131071',
      scale: '0.0009765625',
      head: 'sigmoid',
      unit: 'log odds',
    },
    {
      name: 'reasons',
      kind: 'vector',
      count: 3,
      lo: '-512',
      max: '1023',
      scale: '0.01',
      head: 'none',
      names: ['income', 'age', 'duration'],
    },
  ],
  input: {
    mode: 'digest',
    parts: [
      { name: 'amount', shape: [], encoding: { kind: 'rank32', nan: 'refused' }, units: ['EUR'] },
      { name: 'months', shape: [1], encoding: { kind: 'integer', axes: [], lo: '0', max: '127' } },
      {
        name: 'purpose',
        shape: [1],
        encoding: { kind: 'category', values: ['car', 'education', 'other'], unknown: 'coded' },
      },
      {
        name: 'history',
        shape: [2, 12],
        encoding: {
          kind: 'affine',
          axes: [0],
          offset: ['0', '-1'],
          step: ['0.5', '0.0625'],
          max: ['255', '31'],
        },
      },
    ],
  },
};

function manifest(name: string, constraints: number): Json {
  const made = convertBundle(JSON.parse(base('label-a.proof.json')), {
    outputName: 'label',
    quality: {},
    salt: '',
  }).model.manifest;
  const chain = Object.fromEntries(Object.keys(made.chain).map((key) => [key, wordHash(`${name} ${key}`)]));
  return { ...made, chain, constraints };
}

const TRANSCRIPT = 'a transcript, in a form that a later text defines';
const JUDGED = {
  kind: 'judged',
  contract: { flips: '0.005', error: '0.01' },
  rows: 598,
  flips: { count: 0, upper: '0.004997058694246492' },
  error: '0.004',
};
const CEREMONY = {
  kind: 'ceremony',
  contributions: [
    { name: 'one', hash: 'cd'.repeat(64), kind: 'contribution' },
    { name: 'a beacon', hash: 'ef', kind: 'beacon' },
  ],
  transcript: sidecarDigest(Buffer.from(TRANSCRIPT)),
};

const HISTORY_A = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
const HISTORY_B = [255, ...Array(11).fill(0), 31, ...Array(11).fill(16)];

/** Both groups of `history`, decoded. */
const history = (values: readonly number[]) =>
  values.map((u, index) => (index < 12 ? 0.5 * u : -1 + 0.0625 * u));

export type Row = readonly (number | string)[];
/** The ranks of 0.1 and −1 are those of SPEC.md, section 20. `boat` is not one of the purposes. */
export const ROW_A: Row = [0.1, 5, 'car', ...history(HISTORY_A)];
export const VALUES_A: readonly number[] = [3175926989, 5, 0, ...HISTORY_A];
const ROW_B: Row = [-1, 127, 'boat', ...history(HISTORY_B)];
const VALUES_B = [1073741824, 127, 3, ...HISTORY_B];

export const MIXED_A: Toy = {
  name: 'mixed-a',
  interface: EVERY_KIND,
  outputs: [1, 2, 70000, 0, 1023, 512],
  values: VALUES_A,
  input: ROW_A.map(String),
  caller: 'tender 3',
  manifest: manifest('mixed', 4242),
  quality: JUDGED,
  setup: CEREMONY,
  sidecars: { logProof: sidecar('statement', 'a log proof of mixed') },
  modelSidecars: { transcript: sidecar('key', TRANSCRIPT) },
};
export const MIXED_B: Toy = {
  ...MIXED_A,
  name: 'mixed-b',
  outputs: [0, 0, 0, 1, 2, 3],
  values: VALUES_B,
  input: ROW_B.map(String),
};

/** The record's part of the context, 32 bytes: 00 01 02 … 1f, as in SPEC.md, section 20. */
export const CONTEXT_ID = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('hex');

export const OPEN_A: Toy = {
  ...MIXED_A,
  name: 'open-a',
  interface: { ...EVERY_KIND, name: 'credit, open', input: { ...EVERY_KIND.input, mode: 'public' } },
  caller: 'claim 12',
  contextId: wordHash('context id of open-a'),
  manifest: manifest('open', 17),
  quality: {
    kind: 'loss-accepted',
    contract: { flips: '0.005', error: '0.01' },
    rows: 200,
    flips: { count: 4, upper: '0.0451' },
  },
  setup: { kind: 'development' },
  sidecars: undefined,
  modelSidecars: undefined,
};
export const OPEN_B: Toy = {
  ...OPEN_A,
  name: 'open-b',
  outputs: MIXED_B.outputs,
  values: VALUES_B,
  contextId: wordHash('context id of open-b'),
};

const LABEL: Json = {
  name: 'label',
  kind: 'label',
  count: 3,
  rule: { kind: 'argmax' },
};

/** One label and a small digest input. Cases that need other parts replace the input. */
export const ID_A: Toy = {
  name: 'id-a',
  interface: {
    version: 'quietproof/interface/v2',
    name: 'small',
    weights: { kind: 'constants' },
    outputs: [LABEL],
    input: {
      mode: 'digest',
      parts: [
        {
          name: 'input',
          shape: [4],
          encoding: { kind: 'affine', axes: [], offset: '0', step: '1', max: '31' },
        },
      ],
    },
  },
  outputs: [2],
  values: [1, 2, 3, 4],
  input: ['1', '2', '3', '4'],
  caller: 'order 7',
  contextId: CONTEXT_ID,
  manifest: manifest('small', 99),
  quality: { kind: 'not-judged', rows: 0 },
  setup: { kind: 'development' },
};
export const ID_B: Toy = {
  ...ID_A,
  name: 'id-b',
  outputs: [0],
  values: [31, 0, 0, 7],
  input: undefined,
  caller: '',
};

/** A small model with the given parts, mode and outputs; valid when pinned to its own id. */
export function smallToy(name: string, parts: readonly Json[], toy: Partial<Toy>, mode = 'digest'): Toy {
  const { contextId: _, ...plain } = ID_A;
  const modelInterface = {
    ...ID_A.interface,
    input: { mode, parts: parts.map((part, at) => ({ name: `part ${at}`, ...part })) },
  };
  return { ...plain, name, interface: modelInterface, input: undefined, ...toy };
}
