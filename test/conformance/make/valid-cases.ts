import { base } from '../materialise.ts';
import type { Json } from './canonical.ts';
import {
  type BaseBundle,
  type Corpus,
  decisionA,
  decisionB,
  labelA,
  labelB,
  logitsA,
  logitsB,
} from './corpus.ts';
import { g1, g2, INVERSE, json1, json2, scalar } from './points.ts';
import { bind, identify, putStatement, seal, statementOf } from './seal.ts';

const nameOf = (from: BaseBundle) => from.file.split('.')[0] as string;
const BASES = [labelA, labelB, logitsA, logitsB, decisionA, decisionB];

export function thin(from: BaseBundle): Json {
  const { model: _, ...rest } = from.copy();
  return rest;
}

/** Another proof of the same statement: (s·A, s⁻¹·B, C). */
function rerandomised(from: BaseBundle, s: bigint): Json {
  const bundle = from.copy();
  bundle.proof.pi_a = json1(g1(bundle.proof.pi_a).multiply(s));
  bundle.proof.pi_b = json2(g2(bundle.proof.pi_b).multiply(INVERSE(s)));
  return bundle;
}

function negated(from: BaseBundle): Json {
  const bundle = from.copy();
  bundle.proof.pi_a = json1(g1(bundle.proof.pi_a).negate());
  bundle.proof.pi_b = json2(g2(bundle.proof.pi_b).negate());
  return bundle;
}

/** Cases that must be accepted: original bundles with all options, and everything else that the format allows. */
export function validCases(corpus: Corpus): void {
  for (const from of BASES) {
    const name = nameOf(from);
    corpus.bundle(`valid/${name}`, 'As the prover wrote it', from, from.copy());
    corpus.bundle(
      `valid/${name}-unpinned`,
      'Nobody said which model is expected',
      from,
      from.copy(),
      { verdict: 'unpinned' },
      { pin: false },
    );
    corpus.bundle(
      `valid/${name}-no-context-asked`,
      'No context is asked for: an open question, and no failure',
      from,
      from.copy(),
      undefined,
      { context: false },
    );
    corpus.bundle(
      `valid/${name}-thin`,
      'A thin bundle with its model.json',
      from,
      thin(from),
      { verdict: 'valid', sameRecordAs: `valid/${name}` },
      { companion: from.copy().model },
    );
    corpus.bundle(
      `rerandomised/${name}`,
      '(s·A, s⁻¹·B, C) for a random s: another proof, the same record',
      from,
      rerandomised(from, scalar(name)),
      { verdict: 'valid', sameRecordAs: `valid/${name}` },
    );
    corpus.bundle(
      `rerandomised/${name}-negated`,
      '(−A, −B, C): another proof, the same record',
      from,
      negated(from),
      { verdict: 'valid', sameRecordAs: `valid/${name}` },
    );
  }
  corpus.bundle('rerandomised/label-a-twice', '(2·A, ½·B, C)', labelA, rerandomised(labelA, 2n), {
    verdict: 'valid',
    sameRecordAs: 'valid/label-a',
  });
  inputCases(corpus);
  freedoms(corpus);
}

function inputCases(corpus: Corpus): void {
  for (const from of [labelA, labelB, decisionA, decisionB]) {
    const opening = base(from.opening);
    const row = `[${JSON.parse(opening).input.join(',')}]`;
    corpus.bundle(
      `input/${nameOf(from)}-opening`,
      'Opened by its own opening',
      from,
      from.copy(),
      undefined,
      { opening },
    );
    corpus.bundle(
      `input/${nameOf(from)}-opening-and-row`,
      'Opened, and the row is the one',
      from,
      from.copy(),
      undefined,
      { opening, input: row },
    );
  }
  for (const from of [logitsA, logitsB]) {
    corpus.bundle(
      `input/${nameOf(from)}-row`,
      'A public input, and the row is the one',
      from,
      from.copy(),
      undefined,
      { input: publicRow(from.copy()) },
    );
  }
  const opening = JSON.parse(base(labelA.opening));
  const { input: _, ...bare } = opening;
  corpus.bundle(
    'input/opening-without-row',
    'An opening may leave out the row',
    labelA,
    labelA.copy(),
    undefined,
    { opening: bare },
  );
  const renamed = { ...opening, modelId: logitsA.modelId, row: { index: 41 } };
  corpus.bundle(
    'input/opening-names-another-model',
    "An opening's model id and row only help to find it",
    labelA,
    labelA.copy(),
    undefined,
    { opening: renamed },
  );
  corpus.bundle(
    'input/row-within-half-a-step',
    'Another row that encodes to the same integers',
    labelA,
    labelA.copy(),
    undefined,
    { opening, input: '[5.11,2.49,3.01,1.12]' },
  );
}

/** A row for a public input: offset + step · u, which encodes to u. */
export function publicRow({ model, publicSignals }: Json): string {
  const { offset, step } = model.interface.input.encoding;
  const at = (value: Json, i: number) => Number(Array.isArray(value) ? value[i] : value);
  const values = publicSignals
    .slice(1, -1)
    .map((u: string, i: number) => at(offset, i) + at(step, i) * Number(u));
  return JSON.stringify(values);
}

function freedoms(corpus: Corpus): void {
  const claimed = labelA.copy();
  claimed.model.manifest.claims = { producer: 'Example Ltd', date: '2026-01-31', note: 'Größe “x” 🌻 𝕏' };
  corpus.bundle(
    'freedom/other-claims',
    "The manifest's claims are the producer's word: not under the pin",
    labelA,
    seal(claimed),
  );
  const tools = labelA.copy();
  tools.model.manifest.tools = { '@a/b': '1', Z: '', a: '\u007f'.slice(1) };
  corpus.bundle('freedom/other-tools', 'Other tools: not under the pin', labelA, seal(tools));
  const bounds = labelA.copy();
  bounds.model.manifest.bounds = '0'.repeat(64);
  corpus.bundle(
    'freedom/other-bounds',
    "Another digest of the bounds table: the producer's word until the model is derived again",
    labelA,
    seal(bounds),
  );
  const row = labelA.copy();
  const statement = statementOf(row);
  statement.predicate.row.index = 2 ** 53 - 1;
  putStatement(row, statement);
  corpus.bundle(
    'freedom/other-row',
    'The row number is not proved: another record of the same answer',
    labelA,
    row,
  );
  corpus.bundle(
    'freedom/companion-unused',
    "A packed bundle's own record counts, not the companion",
    labelA,
    labelA.copy(),
    undefined,
    { companion: logitsA.copy().model },
  );
  ownModels(corpus);
}

/** Other models of the same circuit. They are valid if their own id is pinned. */
function ownModels(corpus: Corpus): void {
  const made = (id: string, what: string, change: (model: Json) => void, from = labelA) => {
    const bundle = from.copy();
    change(bundle.model);
    corpus.bundle(
      `own-model/${id}`,
      `${what}: another model, valid for its own pin`,
      from,
      seal(bundle),
      undefined,
      { pin: 'own' },
    );
  };
  made('swapped-names', 'Label names swapped', ({ interface: { output } }) => output.names.reverse());
  made('no-names', 'Without label names', ({ interface: { output } }) => delete output.names);
  made('long-name', 'A name of 1024 UTF-16 units', (model) => {
    model.interface.name = '𝕏'.repeat(512);
  });
  made('empty-name', 'An empty name', (model) => {
    model.interface.name = '';
  });
  made('tab-free-escapes', 'Quotes and backslashes in a name', (model) => {
    model.interface.name = 'a "b" \\ c / é';
  });
  made('reals', 'Reals in every ECMAScript form', ({ interface: { input } }) => {
    input.encoding.offset = ['0', '-1e-7', '1e+21', '123456789012345680000'];
    input.encoding.step = ['5e-324', '0.000001', '1.7976931348623157e+308', '0.1'];
  });
  made('scalar-shape', 'A shape with ones', ({ interface: { input } }) => {
    input.shape = [1, 4, 1];
  });
  made('listed-maxima', 'One maximum written as a list', (model) => {
    model.interface.signals[0].max = ['2'];
  });
  made('ceremony', 'A ceremony with a contribution', (model) => {
    model.setup = {
      kind: 'ceremony',
      ptau: { blake2b: 'ab'.repeat(64), name: 'unrecognised' },
      contributions: [
        { name: 'one', hash: 'cd'.repeat(64), kind: 'contribution' },
        { name: 'two', hash: 'ef', kind: 'beacon' },
      ],
    };
  });
  made(
    'narrow-range',
    'A narrower range that the signal still meets',
    (model) => {
      model.interface.signals[0].max = '179292';
    },
    logitsA,
  );
  const record = labelA.copy();
  record.model.interface.name = 'renamed';
  identify(record.model);
  bind(record);
  corpus.bundle(
    'own-model/renamed-unpinned',
    'Renamed with all digests recomputed, and nobody pins: unpinned',
    labelA,
    record,
    { verdict: 'unpinned' },
    { pin: false },
  );
}
