import { fileForm, type Json } from '../canonical.ts';
import { labelA } from './bases.ts';
import { type CorpusV2, fails, repeated } from './corpus.ts';
import { changed, put, thin } from './edit.ts';
import { NOTE } from './models.ts';
import { rebind } from './seal.ts';

/** Right and wrong forms of a single sidecar. */
export function sidecarForms(corpus: CorpusV2): void {
  const made = (id: string, what: string, members: Json, outcome: string) => {
    const bundle = changed(labelA, (b) => put(b, 'sidecars', { logProof: { ...NOTE, ...members } }));
    rebind(bundle);
    corpus.bundle(`sidecars/${id}`, what, labelA, bundle, fails(outcome));
  };
  made('content-stray-bits', 'Base64 whose unused bits are not zero', { content: 'YR==' }, 'sidecars QP7208');
  made('content-empty', 'No content', { content: '' }, 'format QP7007');
  made('type-word', 'A type without a slash', { type: 'note' }, 'format QP7007');
  made('type-upper', 'A type in upper case', { type: 'Application/note' }, 'format QP7007');
  const list = (count: number) => {
    const bundle = changed(labelA, (b) => put(b, 'sidecars', { attestations: Array(count).fill(NOTE) }));
    rebind(bundle);
    return bundle;
  };
  corpus.bundle(
    'sidecars/attestations-65',
    '65 attestations',
    labelA,
    run(thin(list(65)), 65),
    fails('format QP7007'),
  );
  corpus.bundle(
    'sidecars/attestations-64',
    '64 attestations',
    labelA,
    run(thin(list(64)), 64),
    {
      verdict: 'valid',
      unchecked: Array.from({ length: 64 }, (_, index) => `sidecars.attestations[${index}]`),
    },
    { companion: labelA.copy().model },
  );
  const long = (units: number, end: string) => {
    const bundle = changed(labelA, (b) =>
      put(b, 'sidecars', { logProof: { ...NOTE, content: `${'AAAA'.repeat(units)}${end}` } }),
    );
    rebind(bundle);
    return repeated(fileForm(thin(bundle)), 'AAAA', units);
  };
  corpus.bundle(
    'sidecars/content-longest',
    '262,144 bytes',
    labelA,
    long(87381, 'AA=='),
    { verdict: 'valid', unchecked: ['sidecars.logProof'] },
    { companion: labelA.copy().model },
  );
  corpus.bundle(
    'sidecars/content-too-long',
    '262,147 bytes',
    labelA,
    long(87382, 'AA=='),
    fails('format QP7007'),
  );
}

/** A thin bundle with many equal attestations, of which the corpus stores only one. */
function run(bundle: Json, count: number): Json {
  const text = fileForm(bundle);
  const start = text.indexOf('      {\n        "about"');
  const end = text.indexOf('      {\n        "about"', start + 1);
  return repeated(text, text.slice(start, end), count - 1);
}
