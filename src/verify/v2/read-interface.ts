import {
  decimal,
  integer,
  list,
  literal,
  type Reader,
  real,
  record,
  signedDecimal,
  text,
  version,
} from '../json/read-json.ts';
import { each, kinds, open } from '../json/read-open.ts';
import type { EncodingV2, InputPart, InterfaceV2, LabelRule, OutputV2 } from './interface-types.ts';

const MAX_OUTPUTS = 1024;
const MAX_PARTS = 1024;
const MAX_DIMENSIONS = 8;

const texts = list(text, 1);

const readRule: Reader<LabelRule> = kinds({
  argmax: record({ kind: literal('argmax') }, {}),
  threshold: record({ kind: literal('threshold'), threshold: real, head: literal('none', 'sigmoid') }, {}),
});

const readOutput: Reader<OutputV2> = kinds({
  label: open({ kind: literal('label'), name: text, count: integer(1), rule: readRule }, { names: texts }),
  category: open({ kind: literal('category'), name: text, values: texts }, {}),
  score: open(
    {
      kind: literal('score'),
      name: text,
      lo: signedDecimal,
      max: decimal,
      scale: real,
      head: literal('none', 'sigmoid'),
    },
    { unit: text },
  ),
  vector: open(
    {
      kind: literal('vector'),
      name: text,
      count: integer(2),
      lo: each(signedDecimal),
      max: each(decimal),
      scale: real,
      head: literal('none', 'sigmoid', 'softmax'),
    },
    { names: texts, unit: text },
  ),
});

const axes = list(integer(0), 0, MAX_DIMENSIONS);
const refusedOrCoded = literal('refused', 'coded');

export const readEncoding: Reader<EncodingV2> = kinds({
  affine: record(
    { kind: literal('affine'), axes, offset: each(real), step: each(real), max: each(decimal) },
    { nan: literal('coded') },
  ),
  integer: record({ kind: literal('integer'), axes, lo: each(signedDecimal), max: each(decimal) }, {}),
  rank32: record({ kind: literal('rank32'), nan: refusedOrCoded }, {}),
  category: record({ kind: literal('category'), values: texts, unknown: refusedOrCoded }, {}),
});

const readPart: Reader<InputPart> = open(
  { name: text, shape: list(integer(1), 0, MAX_DIMENSIONS), encoding: readEncoding },
  { names: texts, units: texts },
);

/** Checks the form only; `checkInterfaceV2` checks that the parts are consistent. */
export const readInterfaceV2: Reader<InterfaceV2> = open(
  {
    version: version('quietproof/interface/v2'),
    name: text,
    weights: kinds({ constants: record({ kind: literal('constants') }, {}) }),
    outputs: list(readOutput, 1, MAX_OUTPUTS),
    input: open({ mode: literal('digest', 'public'), parts: list(readPart, 1, MAX_PARTS) }, {}),
  },
  {},
);
