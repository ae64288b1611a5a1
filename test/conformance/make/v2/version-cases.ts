import { base } from '../../materialise.ts';
import { canonical, type Json } from '../canonical.ts';
import { putStatement, statementOf } from '../seal.ts';
import { labelA, version1 } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { changed, sealed, thin } from './edit.ts';

/** Unknown versions, parts of two versions in one file. Readers look at the version first (SPEC.md, section 10). */
export function versionCases(corpus: CorpusV2): void {
  const refused = (id: string, what: string, bundle: Json, outcome = 'format QP7010') =>
    corpus.bundle(`version/${id}`, what, labelA, bundle, fails(outcome));
  const named = (id: string, what: string, version: Json, outcome?: string) =>
    refused(
      id,
      what,
      changed(labelA, (bundle) => Object.assign(bundle, { version })),
      outcome,
    );
  const v1 = version1('label-a');

  named('bundle-v3', 'A version that does not exist', 'quietproof/bundle/v3');
  refused(
    'bundle-v3-unknown-members',
    'A version that does not exist, and members nobody knows, which come first in the file',
    changed(labelA, (bundle) => {
      bundle.version = 'quietproof/bundle/v3';
      bundle.answer = { of: 'version 3' };
    }),
  );
  named(
    'bundle-v1-content-v2',
    'Version 1 named over the content of version 2',
    'quietproof/bundle/v1',
    'format',
  );
  refused(
    'bundle-v2-content-v1',
    'Version 2 named over the content of version 1',
    changed(v1, (bundle) => {
      bundle.version = 'quietproof/bundle/v2';
    }),
  );
  refused(
    'model-v1-inside',
    'A record of version 1 in a bundle of version 2',
    changed(labelA, (bundle) => {
      bundle.model = v1.copy().model;
    }),
  );
  corpus.bundle(
    'version/model-v1-beside',
    'A thin bundle of version 2 beside a model.json of version 1',
    labelA,
    thin(labelA.copy()),
    fails('model-record QP7010'),
    { companion: v1.copy().model },
  );
  corpus.bundle(
    'version/model-v2-beside-v1',
    'A thin bundle of version 1 beside a model.json of version 2',
    v1,
    thin(v1.copy()),
    fails('model-record QP7010'),
    { companion: labelA.copy().model },
  );
  for (const part of ['interface', 'manifest']) {
    refused(
      `${part}-v1`,
      `Version 1 named by the ${part} of a record of version 2, everything recomputed`,
      sealed(labelA, ({ model }) => {
        model[part].version = `quietproof/${part}/v1`;
      }),
    );
  }
  refused(
    'statement-v1',
    'A statement of version 1 in a bundle of version 2',
    changed(labelA, (bundle) => putStatement(bundle, canonical(statementOf(v1.copy())))),
    'statement QP7010',
  );
  corpus.bundle(
    'version/opening-v1',
    'An opening of version 1',
    labelA,
    labelA.copy(),
    fails('input QP7010'),
    { opening: base('label-a.opening.json') },
  );
  named('number', 'The version as a number', 2);
  named('none', 'No version', undefined, 'format QP7006');
}
