import type { CheckId } from '@quietproof/verify';
import { canonical, fileForm, type Json } from './canonical.ts';
import { type Change, changed } from './change.ts';
import { type BaseBundle, type Corpus, decisionA, labelA, labelB, logitsA } from './corpus.ts';
import { putStatement, seal, statementOf } from './seal.ts';

/** Another value of the same form, with the last digit or letter changed. */
function nudge(leaf: Json): Json {
  if (typeof leaf === 'number') return leaf + 1;
  // A real number with another last digit is often not the shortest decimal form.
  if (/^-?[0-9]+\.[0-9]+$/.test(leaf)) return '0.25';
  return leaf.slice(0, -1) + (leaf.endsWith('1') ? '2' : '1');
}

const BOUND = ['binding'] as const;

/** One changed field with nothing recomputed: its path, and the check that must fail. */
const FLIPS: readonly (readonly [path: string, check: CheckId])[] = [
  ['model.ids.circuitId', 'model-record'],
  ['model.ids.keyId', 'model-record'],
  ['model.ids.modelId', 'model-record'],
  ['model.interface.name', 'model-record'],
  ['model.interface.input.encoding.max', 'model-record'],
  ['model.interface.input.encoding.offset', 'model-record'],
  ['model.interface.input.encoding.step', 'model-record'],
  ['model.interface.input.names.0', 'model-record'],
  ['model.interface.input.units.0', 'model-record'],
  ['model.interface.input.shape.0', 'model-record'],
  ['model.interface.output.count', 'model-record'],
  ['model.interface.output.names.0', 'model-record'],
  ['model.interface.signals.0.count', 'model-record'],
  ['model.interface.signals.0.max', 'model-record'],
  ['model.interface.signals.1.max', 'model-record'],
  ['model.interface.signals.2.max', 'model-record'],
  ['model.manifest.accuracy', ...BOUND],
  ['model.manifest.bounds', ...BOUND],
  ['model.manifest.chain.source', ...BOUND],
  ['model.manifest.chain.integerGraph', ...BOUND],
  ['model.manifest.chain.circom', ...BOUND],
  ['model.manifest.chain.circuit', 'model-record'],
  ['model.manifest.claims.accuracy.floatAccuracy', ...BOUND],
  ['model.manifest.claims.accuracy.labelFlips', ...BOUND],
  ['model.manifest.constraints', ...BOUND],
  ['model.manifest.quantization.weightBits', ...BOUND],
  ['model.manifest.source.file', ...BOUND],
  ['model.manifest.source.producer', ...BOUND],
  ['model.manifest.tools.circom', ...BOUND],
  ['model.verificationKey.IC.0.0', 'model-record'],
  ['model.verificationKey.IC.3.1', 'model-record'],
  ['model.verificationKey.nPublic', 'model-record'],
  ['model.verificationKey.vk_alpha_1.0', 'model-record'],
  ['model.verificationKey.vk_beta_2.0.0', 'model-record'],
  ['model.verificationKey.vk_gamma_2.1.1', 'model-record'],
  ['model.verificationKey.vk_delta_2.1.0', 'model-record'],
  ['publicSignals.0', ...BOUND],
  ['publicSignals.1', ...BOUND],
  ['publicSignals.2', ...BOUND],
  ['proof.pi_a.0', 'points'],
  ['proof.pi_a.1', 'points'],
  ['proof.pi_a.2', 'points'],
  ['proof.pi_b.0.0', 'points'],
  ['proof.pi_b.0.1', 'points'],
  ['proof.pi_b.1.0', 'points'],
  ['proof.pi_b.1.1', 'points'],
  ['proof.pi_b.2.0', 'points'],
  ['proof.pi_b.2.1', 'points'],
  ['proof.pi_c.0', 'points'],
  ['proof.pi_c.1', 'points'],
  ['proof.pi_c.2', 'points'],
  ['version', 'format'],
  ['proof.curve', 'format'],
  ['statement.payloadType', 'format'],
];

export function flippedCases(corpus: Corpus): void {
  for (const [path, check] of FLIPS) {
    const keys = path.split('.');
    const bundle = changed(labelA, (json) => {
      const parent = keys.slice(0, -1).reduce((at, key) => at[key], json);
      const last = keys.at(-1) as string;
      // Such as `steps.1`, because offsets and steps may be lists.
      parent[last] = Array.isArray(parent[last]) ? parent[last].map(nudge) : nudge(parent[last]);
    });
    corpus.bundle(
      `flipped/${path}`,
      `${path} changed in its last digit or letter, nothing recomputed`,
      labelA,
      bundle,
      { check },
    );
  }
}

/** Statements that violate section 3 of SPEC.md or contradict the bundle. */
export function statementCases(corpus: Corpus): void {
  const said = (id: string, what: string, change: Change, check: CheckId = 'binding') => {
    const bundle = changed(labelA, (json) => {
      const statement = statementOf(json);
      change(statement);
      putStatement(json, statement);
    });
    corpus.bundle(`statement/${id}`, what, labelA, bundle, { check });
  };
  said('other-model', 'The statement is about another model', (s) => {
    s.subject[0].digest.sha256 = logitsA.modelId;
  });
  said('other-signals', 'The statement is about other signals', (s) => {
    s.subject[1].digest.sha256 = '0'.repeat(64);
  });
  said('other-key', 'The statement names another key', (s) => {
    s.predicate.keyId = '0'.repeat(64);
  });
  said('other-circuit', 'The statement names another circuit', (s) => {
    s.predicate.circuitId = '0'.repeat(64);
  });
  said('other-interface', 'The statement names another interface', (s) => {
    s.predicate.interface = '0'.repeat(64);
  });
  said('other-manifest', 'The statement names another manifest', (s) => {
    s.predicate.manifest = '0'.repeat(64);
  });
  said('other-context', 'The statement names another context', (s) => {
    s.predicate.context = '0';
  });
  said('subjects-swapped', 'The subjects in another order', (s) => s.subject.reverse(), 'statement');
  said('subject-missing', 'One subject', (s) => s.subject.pop(), 'statement');
  said('subject-more', 'Three subjects', (s) => s.subject.push(s.subject[0]), 'statement');
  said(
    'subject-sha512',
    'A digest of another kind beside',
    (s) => {
      s.subject[0].digest.sha512 = '';
    },
    'statement',
  );
  said(
    'type',
    'An older statement type',
    (s) => {
      s._type = 'https://in-toto.io/Statement/v0.1';
    },
    'statement',
  );
  said(
    'predicate-type',
    'Another predicate type',
    (s) => {
      s.predicateType = 'https://slsa.dev/provenance/v1';
    },
    'statement',
  );
  said(
    'unknown-key',
    'An unknown key in the predicate',
    (s) => {
      s.predicate.note = '';
    },
    'statement',
  );
  said(
    'row-missing',
    'No row',
    (s) => {
      delete s.predicate.row;
    },
    'statement',
  );
  said(
    'row-negative',
    'A negative row',
    (s) => {
      s.predicate.row.index = -1;
    },
    'statement',
  );
  said(
    'context-padded',
    'The context with a leading zero',
    (s) => {
      s.predicate.context = `0${s.predicate.context}`;
    },
    'statement',
  );
  payloadCases(corpus);
}

function payloadCases(corpus: Corpus): void {
  const carried = (
    id: string,
    what: string,
    payload: (good: string) => string,
    check: CheckId = 'statement',
  ) => {
    const bundle = changed(labelA, (json) => {
      json.statement.payload = payload(json.statement.payload);
    });
    corpus.bundle(`payload/${id}`, what, labelA, bundle, { check });
  };
  const text = canonical(statementOf(labelA.copy()));
  const base64 = (content: string | Uint8Array) => Buffer.from(content).toString('base64');
  carried('empty', 'An empty payload', () => '', 'format');
  carried('not-json', 'A payload that is not JSON', () => base64('statement'));
  carried('not-utf-8', 'A payload that is not UTF-8', () => base64(Uint8Array.of(0xff)));
  carried('spaced', 'A payload with white space', () => base64(fileForm(JSON.parse(text))));
  carried('newline', 'A payload with a line feed behind', () => base64(`${text}\n`));
  carried('key-order', 'A payload with keys in another order', () =>
    base64(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()))),
  );
  carried('duplicate-key', 'A payload with a key twice', () =>
    base64(text.replace('"predicateType"', '"_type":"","predicateType"')),
  );
  carried('url-safe', 'URL-safe base64', (good) => `${good.slice(0, -4)}-_==`, 'format');
  carried(
    'line-break',
    'Base64 with a line break',
    (good) => `${good.slice(0, 76)}\n${good.slice(76)}`,
    'format',
  );
  carried('no-padding', 'Base64 without padding', () =>
    base64(text.replace('"index":0', '"index":10')).replace(/=*$/, ''),
  );
  carried('more-padding', 'Base64 with padding too much', (good) => `${good}====`, 'format');
  carried('unused-bits', 'Base64 whose unused bits are not zero', () => {
    for (let row = 0; ; row = row * 10 + 1) {
      const good = base64(text.replace('"index":0', `"index":${row}`));
      if (good.endsWith('==')) return good.replace(/.==$/, (end) => `${nextLetter(end[0] as string)}==`);
    }
  });
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const nextLetter = (letter: string) => LETTERS[LETTERS.indexOf(letter) + 1] as string;

/** Parts of one valid bundle that replace those of another. */
export function swapCases(corpus: Corpus): void {
  const swapped = (
    id: string,
    what: string,
    to: BaseBundle,
    from: BaseBundle,
    parts: readonly string[],
    check: CheckId,
  ) => {
    const other = from.copy();
    const bundle = changed(to, (json) => {
      for (const part of parts) {
        const keys = part.split('.');
        const last = keys.pop() as string;
        const at = (root: Json) => keys.reduce((place, key) => place[key], root);
        at(json)[last] = at(other)[last];
      }
    });
    corpus.bundle(`swapped/${id}`, what, to, bundle, { check });
  };
  const rows = 'Another row of the same model:';
  swapped('rows-proof', `${rows} its proof`, labelA, labelB, ['proof'], 'proof');
  swapped('rows-signals', `${rows} its signals`, labelA, labelB, ['publicSignals'], 'binding');
  swapped('rows-statement', `${rows} its statement`, labelA, labelB, ['statement'], 'binding');
  swapped(
    'rows-proof-and-signals',
    `${rows} its proof and signals`,
    labelA,
    labelB,
    ['proof', 'publicSignals'],
    'binding',
  );
  swapped(
    'rows-proof-and-statement',
    `${rows} its proof and statement`,
    labelA,
    labelB,
    ['proof', 'statement'],
    'binding',
  );
  swapped(
    'rows-signals-and-statement',
    `${rows} its signals and statement`,
    labelA,
    labelB,
    ['publicSignals', 'statement'],
    'proof',
  );
  swapped('rows-a', `${rows} its A`, labelA, labelB, ['proof.pi_a'], 'proof');
  swapped('rows-b', `${rows} its B`, labelA, labelB, ['proof.pi_b'], 'proof');
  swapped('rows-c', `${rows} its C`, labelA, labelB, ['proof.pi_c'], 'proof');
  const models = 'Another model:';
  swapped('models-model', `${models} its record`, labelA, decisionA, ['model'], 'binding');
  swapped('models-proof', `${models} its proof`, labelA, decisionA, ['proof'], 'proof');
  swapped('models-signals', `${models} its signals`, labelA, decisionA, ['publicSignals'], 'binding');
  swapped('models-statement', `${models} its statement`, labelA, decisionA, ['statement'], 'binding');
  swapped('models-all-but-proof', `${models} all but its proof`, decisionA, labelA, ['proof'], 'proof');
  swapped('models-ids', `${models} its ids`, labelA, decisionA, ['model.ids'], 'model-record');
  swapped(
    'models-interface',
    `${models} its interface`,
    labelA,
    decisionA,
    ['model.interface'],
    'model-record',
  );
  swapped('models-manifest', `${models} its manifest`, labelA, decisionA, ['model.manifest'], 'model-record');
  swapped('models-key', `${models} its key`, labelA, decisionA, ['model.verificationKey'], 'model-record');
  const keyed = changed(labelA, (json) => {
    json.model.verificationKey = decisionA.copy().model.verificationKey;
  });
  corpus.bundle(
    'swapped/key-sealed',
    "Another model's key with all digests recomputed, pinned to the original",
    labelA,
    seal(keyed),
    { check: 'model' },
  );
  corpus.bundle(
    'swapped/key-sealed-own-pin',
    "Another model's key with all digests recomputed, pinned to that",
    labelA,
    keyed,
    { check: 'proof' },
    { pin: 'own' },
  );
  corpus.bundle(
    'swapped/whole',
    'Another model altogether, shown for the pinned one',
    labelA,
    decisionA.copy(),
    { check: 'model' },
    { context: 'claim 12' },
  );
}
