import type { Json } from '../json/parse-json.ts';
import {
  decimal,
  integer,
  list,
  literal,
  matching,
  type Reader,
  real,
  record,
  signedDecimal,
  text,
  tuple,
  version,
} from '../json/read-json.ts';
import { INPUT_MODE_NAMES } from './input-modes.ts';
import {
  type AffineEncoding,
  type InputInterface,
  type ModelInterface,
  type OutputInterface,
  type OutputKind,
  type SetupContribution,
  type SetupRecord,
  SIGNAL_ROLES,
  type SignalGroup,
} from './model-interface.ts';

/** One entry for all items, or one per item. */
function oneOrMany(read: Reader<string>): Reader<string | readonly string[]> {
  const many = list(read, 1);
  return (json, at) => (Array.isArray(json) ? many(json, at) : read(json, at));
}

const outputs: { readonly [K in OutputKind]: Reader<Extract<OutputInterface, { kind: K }>> } = {
  logits: record(
    {
      kind: literal('logits'),
      count: integer(1),
      lo: list(signedDecimal, 1),
      scale: real,
      head: literal('none', 'sigmoid', 'softmax'),
    },
    { names: list(text, 1), unit: text },
  ),
  argmax: record({ kind: literal('argmax'), count: integer(1) }, { names: list(text, 1) }),
  threshold: record(
    { kind: literal('threshold'), threshold: real, head: literal('none', 'sigmoid') },
    { names: tuple(text, text) },
  ),
};

const readOutput: Reader<OutputInterface> = (json, at) => {
  const kind = json instanceof Map ? (json.get('kind') as Json | undefined) : undefined;
  const known = literal(...(Object.keys(outputs) as OutputKind[]))(kind, `${at}.kind`);
  return outputs[known](json, at);
};

export const readEncoding: Reader<AffineEncoding> = record(
  { kind: literal('affine'), offset: oneOrMany(real), step: oneOrMany(real), max: oneOrMany(decimal) },
  {},
);

const readInput: Reader<InputInterface> = record(
  { mode: literal(...INPUT_MODE_NAMES), shape: list(integer(1), 0, 8), encoding: readEncoding },
  { names: list(text, 1), units: list(text, 1) },
);

const readSignalGroup: Reader<SignalGroup> = record(
  { role: literal(...SIGNAL_ROLES), count: integer(1), max: oneOrMany(decimal) },
  {},
);

/** Checks the form only; `checkInterface` checks that the parts are consistent. */
export const readInterface: Reader<ModelInterface> = record(
  {
    version: version('quietproof/interface/v1'),
    name: text,
    output: readOutput,
    input: readInput,
    context: record({ encoding: literal('quietproof/context/v1') }, {}),
    signals: list(readSignalGroup, 3, 3),
  },
  {},
);

export const hexText = matching(/^([0-9a-f]{2}){1,64}$/, 'lower-case hex');

export const readContribution: Reader<SetupContribution> = record(
  { name: text, hash: hexText, kind: literal('contribution', 'beacon') },
  {},
);

export const readSetup: Reader<SetupRecord> = record(
  { kind: literal('development', 'ceremony'), contributions: list(readContribution, 0, 1024) },
  { ptau: record({ blake2b: hexText, name: text }, {}) },
);
