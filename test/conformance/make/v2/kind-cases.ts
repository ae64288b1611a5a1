import type { Json } from '../canonical.ts';
import { mixedA } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { at, put, sealed } from './edit.ts';

/** Kinds that SPEC.md does not define, in bundles with correct digests. */
export function kindCases(corpus: CorpusV2): void {
  const kind = (id: string, what: string, path: string, value: Json, outcome = 'format QP7012') =>
    corpus.bundle(
      `kind/${id}`,
      what,
      mixedA,
      sealed(mixedA, ({ model }) => put(model, path, value)),
      fails(outcome),
      { pin: 'own' },
    );
  for (const [name, path] of [
    ['output', 'interface.outputs.0'],
    ['rule', 'interface.outputs.0.rule'],
    ['encoding', 'interface.input.parts.0.encoding'],
    ['weights', 'interface.weights'],
    ['setup', 'setup'],
    ['quality', 'quality'],
    ['quantization', 'manifest.quantization'],
  ] as const) {
    if (at(mixedA.copy().model, path).kind === undefined) throw new Error(`${path} has no kind`);
    kind(name, `${path} of a kind nobody knows, everything recomputed`, `${path}.kind`, 'future');
  }
  const encoding = 'interface.input.parts.0.encoding.kind';
  kind('missing', 'An encoding without its kind', encoding, undefined, 'format QP7006');
  kind(
    'inherited',
    'A kind by the name of something that every object of JavaScript has',
    encoding,
    'toString',
  );
  kind(
    'other-member',
    "A threshold rule with another kind's member",
    'interface.outputs.0.rule.count',
    2,
    'format QP7005',
  );
  kind('weights-committed', 'Weights that are committed to: no text defines them yet', 'interface.weights', {
    kind: 'committed',
    root: '0'.repeat(64),
  });
}
