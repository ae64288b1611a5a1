import { fileForm, type Json } from '../canonical.ts';
import { R } from '../points.ts';
import { labelA, mixedA, openA } from './bases.ts';
import { type CorpusV2, fails, repeated, VALID } from './corpus.ts';
import { type Change, put, sealed, thin } from './edit.ts';

type Row = readonly [id: string, what: string, change: Readonly<Record<string, Json>>, outcome?: string];

const VECTOR = 'outputs.3';
const OUTPUTS: readonly Row[] = [
  ['outputs-same-name', 'Two outputs of one name', { 'outputs.1.name': 'decision' }],
  ['no-outputs', 'No outputs', { outputs: [] }, 'format QP7007'],
  ['label-names-short', 'A label with a name less than it has classes', { 'outputs.0.names': ['refused'] }],
  [
    'threshold-count-3',
    'A threshold with three classes',
    { 'outputs.0.count': 3, 'outputs.0.names': ['refused', 'granted', 'open'] },
  ],
  ['label-count-0', 'A label of no classes', { 'outputs.0.count': 0 }, 'format QP7007'],
  ['category-twice', 'A value twice in an output', { 'outputs.1.values': ['A', 'B', 'A'] }],
  ['score-scale-0', 'A scale of 0', { 'outputs.2.scale': '0' }],
  ['score-scale-negative', 'A negative scale', { 'outputs.2.scale': '-1' }],
  ['score-max-negative', 'A negative maximum', { 'outputs.2.max': '-1' }, 'format QP7008'],
  ['score-max-r', 'A maximum of r', { 'outputs.2.max': R.toString() }],
  ['head-softmax-score', 'Softmax of one value', { 'outputs.2.head': 'softmax' }, 'format QP7007'],
  [
    'vector-count-1',
    'A vector of one value',
    { [`${VECTOR}.count`]: 1, [`${VECTOR}.names`]: ['income'] },
    'format QP7007',
  ],
  ['vector-lo-short', 'A list of lo with a value less', { [`${VECTOR}.lo`]: ['-512', '-1'] }],
  ['vector-max-short', 'A list of maxima with a value less', { [`${VECTOR}.max`]: ['1023', '512'] }],
  [
    'vector-max-long',
    'A list of maxima with a value more',
    { [`${VECTOR}.max`]: ['1023', '512', '1023', '512'] },
  ],
  [
    'signals-most',
    '65536 signals, of which the key has 8',
    { [`${VECTOR}.count`]: 65531, [`${VECTOR}.names`]: undefined },
    'key QP7305',
  ],
  [
    'vector-count-2',
    'A vector of two values, of which the key has three',
    { [`${VECTOR}.count`]: 2, [`${VECTOR}.names`]: undefined },
    'key QP7305',
  ],
  ['signals-beyond', '65537 signals', { [`${VECTOR}.count`]: 65532, [`${VECTOR}.names`]: undefined }],
  ['vector-max-r', 'A maximum of r', { [`${VECTOR}.max`]: R.toString() }],
  [
    'vector-max-r-listed',
    'One maximum of r in a list',
    { [`${VECTOR}.max`]: ['1023', '1023', R.toString()] },
  ],
  [
    'vector-count-huge',
    'A vector of 2^40 values, in a few bytes',
    { [`${VECTOR}.count`]: 2 ** 40, [`${VECTOR}.names`]: undefined },
  ],
];

const MONTHS = 'input.parts.1';
const PURPOSE = 'input.parts.2.encoding';
const HISTORY = 'input.parts.3';
const AFFINE = `${HISTORY}.encoding`;
const SINGLE = { [`${AFFINE}.offset`]: '0', [`${AFFINE}.step`]: '0.5', [`${AFFINE}.max`]: '255' };
const PARTS: readonly Row[] = [
  ['parts-same-name', 'Two parts of one name', { 'input.parts.1.name': 'amount' }],
  ['no-parts', 'No parts', { 'input.parts': [] }, 'format QP7007'],
  [
    'part-names-short',
    'A name less than the part has features',
    { [`${HISTORY}.names`]: Array(23).fill('x') },
  ],
  ['part-units-long', 'A unit more than the part has features', { [`${MONTHS}.units`]: ['month', 'month'] }],
  ['names-empty', 'An empty list of names', { [`${MONTHS}.names`]: [] }, 'format QP7007'],
  ['shape-9', 'Nine dimensions', { [`${MONTHS}.shape`]: Array(9).fill(1) }, 'format QP7007'],
  ['shape-huge', '2^52 features, in a few bytes', { [`${HISTORY}.shape`]: [2 ** 26, 2 ** 26] }],
  ['shape-scalar', 'A scalar', { [`${MONTHS}.shape`]: [] }, 'valid'],
  ['features-most', '2^20 features, in a few bytes', { [`${MONTHS}.shape`]: [2 ** 20 - 26] }, 'valid'],
  ['category-input-twice', 'A value twice in an input', { [`${PURPOSE}.values`]: ['car', 'other', 'car'] }],
  [
    'category-one-value',
    'An input with one value, and nothing else to be',
    { [`${PURPOSE}.values`]: ['car'], [`${PURPOSE}.unknown`]: 'refused' },
  ],
  [
    'category-one-value-coded',
    'An input with one value, or another',
    { [`${PURPOSE}.values`]: ['car'] },
    'valid',
  ],
  [
    'integer-max-100',
    'A maximum that is no power of two less one',
    { [`${MONTHS}.encoding.max`]: '100' },
    'valid',
  ],
  ['integer-max-1', 'Two integers', { [`${MONTHS}.encoding.max`]: '1' }, 'valid'],
  [
    'category-two-values',
    'An input with two values',
    { [`${PURPOSE}.values`]: ['car', 'other'], [`${PURPOSE}.unknown`]: 'refused' },
    'valid',
  ],
  ['integer-max-0', 'One integer', { [`${MONTHS}.encoding.max`]: '0' }],
  ['integer-lo-beyond', 'lo is −2^53', { [`${MONTHS}.encoding.lo`]: (-(2n ** 53n)).toString() }],
  ['integer-top-beyond', 'lo + max is 2^53', { [`${MONTHS}.encoding.lo`]: (2n ** 53n - 127n).toString() }],
  [
    'integer-top',
    'lo + max is 2^53 − 1',
    { [`${MONTHS}.encoding.lo`]: (2n ** 53n - 128n).toString() },
    'valid',
  ],
  ['rank32-axes', 'Axes for ranks', { 'input.parts.0.encoding.axes': [] }, 'format QP7005'],
  [
    'rank32-nan-word',
    'Another word for what NaN is',
    { 'input.parts.0.encoding.nan': 'zero' },
    'format QP7007',
  ],
  ['signals-member', "Version 1's list of signals", { signals: [] }, 'format QP7005'],
];

const ENCODINGS: readonly Row[] = [
  ['each-equal', 'A list of equal entries', { [`${AFFINE}.offset`]: ['0', '0'] }, 'format QP7007'],
  ['each-one-entry', 'A list of one entry', { [`${AFFINE}.offset`]: ['0'] }, 'format QP7007'],
  [
    'each-not-real',
    'A list with a real that is not in its shortest form',
    { [`${AFFINE}.offset`]: ['0', '0.50'] },
    'format',
  ],
  ['axes-9', 'Nine axes', { [`${AFFINE}.axes`]: [0, 1, 2, 3, 4, 5, 6, 7, 8] }, 'format QP7007'],
  ['axes-without-list', 'Axes, and nothing that differs along them', SINGLE],
  ['list-without-axes', 'Lists, and no axes', { [`${AFFINE}.axes`]: [] }],
  [
    'axes-descending',
    'Axes from last to first',
    {
      ...SINGLE,
      [`${AFFINE}.axes`]: [1, 0],
      [`${AFFINE}.step`]: Array.from({ length: 24 }, (_, at) => `${at + 1}`),
    },
  ],
  ['axes-twice', 'An axis twice', { [`${AFFINE}.axes`]: [0, 0] }],
  ['axes-beyond', 'An axis that the shape does not have', { [`${AFFINE}.axes`]: [2] }],
  ['axes-groups-short', 'An entry less than there are groups', { [`${AFFINE}.axes`]: [1] }],
  [
    'axes-all',
    'A step for each feature',
    {
      ...SINGLE,
      [`${AFFINE}.axes`]: [0, 1],
      [`${AFFINE}.step`]: Array.from({ length: 24 }, (_, at) => `${at + 1}`),
    },
    'valid',
  ],
  ['step-0', 'A step of 0', { [`${AFFINE}.step`]: '0' }],
  ['step-negative', 'One negative step', { [`${AFFINE}.step`]: ['0.5', '-0.5'] }],
  [
    'affine-overflow',
    'Steps that pass the largest double',
    { [`${AFFINE}.step`]: '1.7976931348623157e+308' },
  ],
  [
    'affine-overflow-offset',
    'An offset from which the steps pass the largest double',
    {
      [`${AFFINE}.axes`]: [],
      [`${AFFINE}.offset`]: '1.7e+308',
      [`${AFFINE}.step`]: '1e+306',
      [`${AFFINE}.max`]: '31',
    },
  ],
  ['affine-max-30', 'A digest of values up to 30', { [`${AFFINE}.max`]: ['255', '30'] }],
  ['affine-max-0', 'One value', { [`${AFFINE}.max`]: ['255', '0'] }],
  ['affine-max-2^53', 'A maximum of 2^53', { [`${AFFINE}.max`]: '9007199254740992' }],
];

/** Interfaces that contradict themselves, and some that only seem to. The pin is the id of the changed model. */
export function interfaceCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, change: Change, outcome: string, from = mixedA) =>
    corpus.bundle(
      `interface/${id}`,
      what,
      from,
      sealed(from, change),
      outcome === 'valid' ? VALID : fails(outcome),
      { pin: 'own' },
    );
  for (const [id, what, change, outcome = 'interface QP7105'] of [...OUTPUTS, ...PARTS, ...ENCODINGS]) {
    const apply: Change = ({ model }) => {
      for (const [path, value] of Object.entries(change)) put(model.interface, path, value);
    };
    made(id, what, apply, outcome);
  }
  made(
    'affine-max-30-public',
    'Public values up to 30',
    ({ model }) => put(model.interface, `${AFFINE}.max`, ['255', '30']),
    'valid',
    openA,
  );
  made(
    'affine-max-2^53-public',
    'Public values up to 2^53',
    ({ model }) => put(model.interface, `${AFFINE}.max`, '9007199254740992'),
    'interface QP7105',
    openA,
  );
  made(
    'features-beyond',
    '2^20 features and one more, in a few bytes',
    ({ model }) => put(model.interface, `${MONTHS}.shape`, [2 ** 20 - 25]),
    'interface QP7105',
  );
  manyOutputs(corpus);
}

/** More outputs than the format allows; the corpus stores the repeated output only once. */
function manyOutputs(corpus: CorpusV2): void {
  const { model } = sealed(labelA, (bundle) => {
    const [output] = bundle.model.interface.outputs;
    bundle.model.interface.outputs = Array(1025).fill(output);
  });
  const text = fileForm(model);
  const start = text.indexOf('      {\n        "count"');
  const unit = text.slice(start, text.indexOf('      {\n        "count"', start + 1));
  corpus.bundle(
    'interface/outputs-1025',
    '1025 outputs',
    labelA,
    thin(labelA.copy()),
    fails('model-record QP7007'),
    { companion: repeated(text, unit, 1024) },
  );
}
