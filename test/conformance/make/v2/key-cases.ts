import type { Json } from '../canonical.ts';
import { G, H, INFINITY_1, INFINITY_2, json1, json2, outsidePoint, Q } from '../points.ts';
import { mixedA } from './bases.ts';
import { type CorpusV2, fails } from './corpus.ts';
import { type Change, changed, put, sealed } from './edit.ts';
import { bind, rebind } from './seal.ts';

const plus = (decimal: string, more: bigint) => (BigInt(decimal) + more).toString();

/** The corpus of version 1 has all key cases. These few show that version 2 runs the same checks. */
export function keyCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, outcome: string, change: (key: Json) => void) =>
    corpus.bundle(
      `key/${id}`,
      `${what}, everything recomputed`,
      mixedA,
      sealed(mixedA, ({ model }) => change(model.verificationKey)),
      fails(`key ${outcome}`),
      { pin: 'own' },
    );
  made('delta-gamma', 'δ = γ: anybody can forge', 'QP7307', (key) => put(key, 'vk_delta_2', json2(H)));
  made('delta-multiple', 'δ = −65536·γ', 'QP7307', (key) =>
    put(key, 'vk_delta_2', json2(H.multiply(65536n).negate())),
  );
  made('gamma', 'γ is not the generator', 'QP7306', (key) => put(key, 'vk_gamma_2', json2(H.double())));
  made('equal-ic', 'Two equal IC points', 'QP7308', ({ IC }) => {
    IC[2] = IC[1];
  });
  made('ic-less', 'An IC point less', 'QP7305', ({ IC }) => IC.pop());
  made('n-public', 'A signal more than the interface has', 'QP7305', (key) => {
    key.nPublic += 1;
    key.IC.push(json1(G.multiply(12345n)));
  });
  made('infinity', 'An IC point at infinity', 'QP7304', (key) => put(key, 'IC.3', INFINITY_1));
  made('off-curve', 'α is on no curve', 'QP7302', (key) => put(key, 'vk_alpha_1', ['1', '1', '1']));
  made('outside', 'β is outside the group', 'QP7303', (key) => put(key, 'vk_beta_2', json2(outsidePoint())));
  made('plus-q', 'A coordinate of q more', 'QP7301', (key) => put(key, 'IC.0.0', plus(key.IC[0][0], Q)));
}

export function pointCases(corpus: CorpusV2): void {
  const made = (id: string, what: string, outcome: string, change: Change) =>
    corpus.bundle(`points/${id}`, what, mixedA, changed(mixedA, change), fails(`points ${outcome}`));
  made('infinity-a', 'A at infinity', 'QP7504', (b) => put(b, 'proof.pi_a', INFINITY_1));
  made('infinity-b', 'B at infinity', 'QP7504', (b) => put(b, 'proof.pi_b', INFINITY_2));
  made('outside', 'B outside the group', 'QP7503', (b) => put(b, 'proof.pi_b', json2(outsidePoint())));
  made('plus-q', 'A coordinate of C of q more', 'QP7501', (b) =>
    put(b, 'proof.pi_c.1', plus(b.proof.pi_c[1], Q)),
  );
  const other = (id: string, what: string, index: number, value: string) => {
    const bundle = changed(mixedA, ({ publicSignals }) => {
      publicSignals[index] = value;
    });
    bind(bundle);
    rebind(bundle);
    corpus.bundle(
      `proof/${id}`,
      `${what} than was proved, in range, and a statement for it`,
      mixedA,
      bundle,
      fails('proof QP7505'),
    );
  };
  other('other-label', 'Another label', 0, '0');
  other('other-score', 'Another score', 2, '70001');
  other('other-digest', 'Another digest', 6, '1');
}
