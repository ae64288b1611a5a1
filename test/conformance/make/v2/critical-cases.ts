import { fileForm, type Json } from '../canonical.ts';
import { labelA, mixedA } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { changed, put, saying, sealed } from './edit.ts';

const OTHER = { x: { a: [null, true, 'é'] } };

/** Objects that may have `other`: their path, and the path that a verdict lists as not checked. */
const ROOMS: readonly (readonly [name: string, path: string, listed: string])[] = [
  ['bundle', '', 'other.x'],
  ['model', 'model', 'model.other.x'],
  ['interface', 'model.interface', 'model.interface.other.x'],
  ['interface-outputs', 'model.interface.outputs.0', 'model.interface.outputs[0].other.x'],
  ['interface-input', 'model.interface.input', 'model.interface.input.other.x'],
  ['interface-input-parts', 'model.interface.input.parts.0', 'model.interface.input.parts[0].other.x'],
  ['quality', 'model.quality', 'model.quality.other.x'],
  ['setup', 'model.setup', 'model.setup.other.x'],
  ['manifest', 'model.manifest', 'model.manifest.other.x'],
  ['manifest-claims', 'model.manifest.claims', 'model.manifest.claims.other.x'],
];

/** Unknown members are accepted inside `other`, whatever they are, and nowhere else (SPEC.md, section 10). */
export function criticalCases(corpus: CorpusV2): void {
  for (const [name, path, listed] of ROOMS) {
    corpus.bundle(
      `other/in-${name}`,
      `A member nobody knows under ${path === '' ? '' : `${path}.`}other: kept, and not checked`,
      labelA,
      sealed(labelA, (bundle) => put(bundle, `${path}.other`, OTHER)),
      { verdict: 'valid', unchecked: [listed] },
      { pin: 'own' },
    );
  }
  corpus.bundle(
    'other/in-statement-predicate',
    'A member nobody knows under `other` of the predicate: kept, and not checked',
    labelA,
    saying(labelA, ({ predicate }) => Object.assign(predicate, { other: OTHER })),
    { verdict: 'valid', unchecked: ['statement.predicate.other.x'] },
  );
  corpus.bundle(
    'other/in-opening',
    'A member nobody knows under `other` of the opening: kept, and not checked',
    labelA,
    labelA.copy(),
    { verdict: 'valid', unchecked: ['opening.other.x'] },
    { opening: { ...labelA.copyOpening(), other: OTHER } },
  );
  corpus.bundle(
    'other/in-sidecars',
    '`other` beside the sidecars and in one of them',
    mixedA,
    changed(mixedA, ({ sidecars }) => {
      sidecars.other = OTHER;
      sidecars.logProof.other = OTHER;
    }),
    {
      verdict: 'valid',
      unchecked: [...mixedA.unchecked, 'sidecars.logProof.other.x', 'sidecars.other.x'],
    },
  );
  contentCases(corpus);
  placeCases(corpus);
}

/** `other` of a bundle, which no id covers. */
function contentCases(corpus: CorpusV2): void {
  const holding = (id: string, what: string, other: Json, outcome = 'valid') =>
    corpus.bundle(
      `other/${id}`,
      what,
      labelA,
      changed(labelA, (bundle) => Object.assign(bundle, { other })),
      outcome === 'valid' ? { verdict: 'valid', unchecked: ['other.x'] } : fails(outcome),
    );
  const written = (id: string, what: string, other: Json, text: string, put: string, outcome: string) => {
    const whole = fileForm(changed(labelA, (bundle) => Object.assign(bundle, { other })));
    if (!whole.includes(text)) throw new Error(`${id}: no ${text}`);
    corpus.bundle(`other/${id}`, what, labelA, whole.replace(text, put), fails(outcome));
  };
  corpus.bundle(
    'other/not-sealed',
    '`interface.other` added, and nothing recomputed',
    labelA,
    changed(labelA, ({ model }) => Object.assign(model.interface, { other: OTHER })),
    fails('model-record QP7104'),
  );
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`a${index}`, 0]));
  const { a64: _, ...most } = many;
  holding('empty', 'An `other` that says nothing', {}, 'format QP7007');
  holding('65-members', '65 members', many, 'format QP7007');
  corpus.bundle(
    'other/64-members',
    '64 members',
    labelA,
    changed(labelA, (bundle) => Object.assign(bundle, { other: most })),
    { verdict: 'valid', unchecked: Object.keys(most).map((key) => `other.${key}`) },
  );
  holding('key-dash-first', 'A key that begins with a dash', { '-x': 0 }, 'format QP7007');
  holding('key-proto', 'The key __proto__', JSON.parse('{"__proto__": 0}'), 'format QP7007');
  holding('list', 'A list', [OTHER], 'format QP7007');
  holding('null', 'null', null, 'format QP7007');
  const deep = (levels: number) => {
    let value: Json = 0;
    for (let level = 0; level < levels; level += 1) value = [value];
    return { x: value };
  };
  holding('levels-16', '16 levels, the bundle and `other` included', deep(14));
  holding('deep', '17 levels', deep(15), 'format QP7003');
  holding('number-keys', 'Deeper keys in order of their code units, "10" before "9"', { x: { 9: 0, 10: 1 } });
  holding('astral-keys', 'Deeper keys in order of UTF-16 code units, which is not that of code points', {
    x: { 𝕏: 0, '～': 1 },
  });
  written(
    'astral-keys-by-code-point',
    'Deeper keys in order of code points',
    { x: { 𝕏: 0, '～': 0 } },
    '"𝕏": 0,\n      "～": 0',
    '"～": 0,\n      "𝕏": 0',
    'format QP7009',
  );
  written(
    'unsorted',
    'Deeper keys out of order',
    { x: { a: 0, b: 0 } },
    '"a": 0,\n      "b"',
    '"b": 0,\n      "a"',
    'format QP7009',
  );
  written(
    'repeated-key',
    'A deeper key twice',
    { x: { a: 0, b: 0 } },
    '"a": 0,\n      "b"',
    '"a": 0,\n      "a"',
    'format QP7004',
  );
  written('fraction', 'The number 1.5', { x: 1 }, '"x": 1', '"x": 1.5', 'format QP7008');
  written('integer-unsafe', 'The number 2^53', { x: 1 }, '"x": 1', '"x": 9007199254740992', 'format QP7008');
  holding('integer-safe', 'The number −(2^53 − 1)', { x: -(2 ** 53 - 1) });
  written('minus-zero', 'The number -0', { x: 0 }, '"x": 0', '"x": -0', 'format QP7008');
  written(
    'surrogate',
    'A text that is half a character',
    { x: 'a' },
    '"x": "a"',
    '"x": "\\ud835"',
    'format QP7001',
  );
  holding('texts', 'Texts that a member of the format could not have', { x: 'a\u0000\u202e\u2028"\\\t' });
  corpus.bundle(
    'other/tool-of-that-name',
    'A tool that is called other: its version is no member of an `other`',
    labelA,
    sealed(labelA, ({ model }) => {
      model.manifest.tools = { other: '1.0' };
    }),
  );
  corpus.bundle(
    'other/key-proto-deep',
    'Deeper keys that objects of JavaScript have already: the ids are those of all of them',
    labelA,
    sealed(labelA, ({ model }) => {
      model.interface.other = { x: JSON.parse('{"__proto__": 1, "constructor": 2, "toString": null}') };
    }),
    { verdict: 'valid', unchecked: ['model.interface.other.x'] },
    { pin: 'own' },
  );
}

/** Objects that may not have `other`, and unknown members beside it. */
function placeCases(corpus: CorpusV2): void {
  const without: readonly (readonly [name: string, path: string])[] = [
    ['proof', 'proof'],
    ['key', 'model.verificationKey'],
    ['ids', 'model.ids'],
    ['encoding', 'model.interface.input.parts.0.encoding'],
    ['rule', 'model.interface.outputs.0.rule'],
  ];
  for (const [name, path] of without) {
    const bundle = changed(labelA, (json) => put(json, `${path}.other`, OTHER));
    corpus.bundle(
      `other/in-${name}`,
      `${path} has no room for other`,
      labelA,
      bundle,
      fails('format QP7005'),
    );
  }
  const unknown: readonly (readonly [name: string, path: string])[] = [
    ['bundle', ''],
    ['model', 'model'],
    ['interface', 'model.interface'],
    ['output', 'model.interface.outputs.0'],
    ['part', 'model.interface.input.parts.0'],
    ['quality', 'model.quality'],
    ['setup', 'model.setup'],
  ];
  for (const [name, path] of unknown) {
    corpus.bundle(
      `critical/in-${name}`,
      `An unknown member x in ${path === '' ? 'the bundle' : path}, everything recomputed`,
      labelA,
      sealed(labelA, (bundle) => put(bundle, `${path}.x`, 0)),
      fails('format QP7005'),
      { pin: 'own' },
    );
  }
  corpus.bundle(
    'critical/in-predicate',
    'An unknown member x in the predicate',
    labelA,
    saying(labelA, ({ predicate }) => Object.assign(predicate, { x: 0 })),
    fails('statement QP7201'),
  );
}
