import type { Json } from './canonical.ts';
import { type Corpus, labelA, labelB, type Outcome } from './corpus.ts';
import {
  G,
  g1,
  g2,
  H,
  INFINITY_1,
  INFINITY_2,
  INVERSE,
  json1,
  json2,
  mod,
  outsidePoint,
  type P1,
  Q,
  R,
  scalar,
  smallOrderPoint,
  sumOf,
} from './points.ts';
import { seal } from './seal.ts';

/** A Groth16 statement without a bundle. */
interface Parts {
  key: Json;
  public: Json;
  proof: Json;
}

const KEY: Outcome = { check: 'key' };

/** An honest statement of the label model, to modify. */
function honest(from = labelA): Parts {
  const { model, publicSignals, proof } = from.copy();
  return { key: model.verificationKey, public: publicSignals, proof };
}

/** Replaces the proof by one with these points. */
function forge(parts: Parts, a: P1, b: Json, c: P1): Parts {
  Object.assign(parts.proof, { pi_a: json1(a), pi_b: b, pi_c: json1(c) });
  return parts;
}

/** Keys that must not be used, each with a proof that anybody can make for it. */
export function badKeyCases(corpus: Corpus): void {
  deltaCases(corpus);
  infinityCases(corpus);
  knownKeyCases(corpus);
  encodingCases(corpus);
}

/** If δ = k·γ, the proof A = α, B = β, C = −k⁻¹·Σ verifies for any signals. */
function deltaCases(corpus: Corpus): void {
  for (const k of [1n, -1n, 2n, -2n, 3n, 400n, 401n, 801n, 1000n, -65535n, 65536n, -65536n]) {
    const parts = honest();
    parts.public[0] = '2';
    const delta = H.multiply(mod(k));
    parts.key.vk_delta_2 = json2(delta);
    const c = sumOf(parts.key, parts.public).multiply(mod(-INVERSE(k)));
    const forged = forge(parts, g1(parts.key.vk_alpha_1), parts.key.vk_beta_2, c);
    const name = k === 1n ? 'γ, as a setup leaves it before anybody contributed' : `${k}·γ`;
    corpus.proof(`bad-key/delta-${k}`, `δ = ${name}; with the proof anybody can make for it`, forged, KEY);
    if (k === 1n || k === 65536n) {
      const bundle = labelA.copy();
      bundle.model.verificationKey = parts.key;
      bundle.proof = forged.proof;
      bundle.publicSignals = parts.public;
      corpus.bundle(
        `bad-key/bundle-delta-${k}`,
        `δ = ${name}, in a bundle with all digests recomputed, and pinned`,
        labelA,
        seal(bundle),
        KEY,
        { pin: 'own' },
      );
    }
  }
}

function infinityCases(corpus: Corpus): void {
  const put = (id: string, what: string, parts: Parts, outcome: Outcome = KEY) =>
    corpus.proof(`bad-key/${id}`, what, parts, outcome);
  // Row b has label 0, so its proof verifies for any IC[1].
  const free = honest(labelB);
  free.key.IC[1] = INFINITY_1;
  free.public[0] = '2';
  put('ic-infinity', 'IC[1] at infinity: an honest proof of label 0 proves label 2', free);
  const bundle = labelB.copy();
  Object.assign(bundle, { publicSignals: free.public, proof: free.proof });
  bundle.model.verificationKey = free.key;
  corpus.bundle(
    'bad-key/bundle-ic-infinity',
    'IC[1] at infinity, in a bundle with all digests recomputed, and pinned',
    labelB,
    seal(bundle),
    KEY,
    { pin: 'own' },
  );
  for (const [name, member, infinity] of [
    ['alpha', 'vk_alpha_1', INFINITY_1],
    ['beta', 'vk_beta_2', INFINITY_2],
  ] as const) {
    // e(α, β) = 1: A = C = Σ and B = γ + δ.
    const parts = honest();
    parts.key[member] = infinity;
    const sum = sumOf(parts.key, parts.public);
    put(
      `${name}-infinity`,
      `${name === 'alpha' ? 'α' : 'β'} at infinity: (Σ, γ + δ, Σ) proves anything`,
      forge(parts, sum, json2(H.add(g2(parts.key.vk_delta_2))), sum),
    );
  }
  const gamma = honest();
  gamma.key.vk_gamma_2 = INFINITY_2;
  const alpha = g1(gamma.key.vk_alpha_1);
  put(
    'gamma-infinity',
    'γ at infinity: (α, β + δ, α) proves anything',
    forge(gamma, alpha, json2(g2(gamma.key.vk_beta_2).add(g2(gamma.key.vk_delta_2))), alpha),
  );
  const all = honest();
  all.key.vk_delta_2 = INFINITY_2;
  put('delta-infinity', 'δ at infinity', all, KEY);
  const first = honest();
  first.key.IC[0] = INFINITY_1;
  put('ic-0-infinity', 'IC[0] at infinity', first, KEY);
}

/** A key with known discrete logarithms, and a proof for it: C = (ab − αβ − Σ·γ)/δ. */
function known(
  logs: { gamma?: bigint; delta?: bigint; ic?: readonly bigint[] } = {},
  signals = ['1', '77', '9'],
): Parts {
  const [alpha, beta, a, b] = ['alpha', 'beta', 'proof a', 'proof b'].map(scalar) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const { gamma = 1n, delta = scalar('delta'), ic = ['ic0', 'ic1', 'ic2', 'ic3'].map(scalar) } = logs;
  const sum = ic
    .slice(1)
    .reduce((total, log, i) => total + log * BigInt(signals[i] as string), ic[0] as bigint);
  const c = mod(mod(a * b - alpha * beta - sum * gamma) * INVERSE(delta));
  const key = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: signals.length,
    vk_alpha_1: json1(G.multiply(alpha)),
    vk_beta_2: json2(H.multiply(beta)),
    vk_gamma_2: json2(H.multiply(gamma)),
    vk_delta_2: json2(H.multiply(delta)),
    IC: ic.map((log) => json1(G.multiply(mod(log)))),
  };
  const proof = {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: json1(G.multiply(a)),
    pi_b: json2(H.multiply(b)),
    pi_c: json1(G.multiply(c)),
  };
  return { key, public: signals, proof };
}

function knownKeyCases(corpus: Corpus): void {
  corpus.proof(
    'groth16/known-logarithms',
    'A key and a proof made from known logarithms: nothing in the key shows it',
    known(),
  );
  corpus.proof('groth16/honest', "The label model's key and proof", honest());
  corpus.proof('groth16/zero-signals', 'Signals of 0', known({}, ['0', '0', '0']));
  corpus.proof('groth16/largest-signals', 'Signals of r − 1', known({}, Array(3).fill((R - 1n).toString())));
  corpus.proof('groth16/one-signal', 'One signal', known({ ic: [5n, 7n] }, ['3']));
  corpus.proof('bad-key/gamma-2', 'γ is not the generator', known({ gamma: 2n }), KEY);
  corpus.proof(
    'bad-key/gamma-delta-equal',
    'γ = δ, and not the generator',
    known({ gamma: scalar('both'), delta: scalar('both') }),
    KEY,
  );
  const same = [11n, 22n, 22n, 33n];
  corpus.proof(
    'bad-key/ic-equal',
    'IC[1] = IC[2]: their signals can be traded',
    known({ ic: same }, ['2', '76', '9']),
    KEY,
  );
  corpus.proof(
    'bad-key/ic-opposite',
    'IC[1] = −IC[2]: their signals can be raised together',
    known({ ic: [11n, 22n, -22n, 33n] }, ['2', '78', '9']),
    KEY,
  );
  corpus.proof('bad-key/ic-0-equal', 'IC[0] = IC[3]', known({ ic: [33n, 11n, 22n, 33n] }), KEY);
  counts(corpus);
}

function counts(corpus: Corpus): void {
  const put = (id: string, what: string, change: (parts: Parts) => void, outcome: Outcome) => {
    const parts = honest();
    change(parts);
    corpus.proof(id, what, parts, outcome);
  };
  put(
    'bad-key/ic-more',
    'An IC point more than signals',
    ({ key }) => key.IC.push(json1(G.multiply(5n))),
    KEY,
  );
  put('bad-key/ic-fewer', 'An IC point less', ({ key }) => key.IC.pop(), KEY);
  put(
    'bad-key/n-public-less',
    'nPublic is one less',
    ({ key }) => {
      key.nPublic = 2;
    },
    KEY,
  );
  put(
    'bad-key/n-public-more',
    'nPublic is one more',
    ({ key }) => {
      key.nPublic = 4;
    },
    KEY,
  );
  put('groth16/signal-too-few', 'A signal less', (parts) => parts.public.pop(), { check: 'signals' });
  put('groth16/signal-too-many', 'A signal more', (parts) => parts.public.push('0'), { check: 'signals' });
  const cut = known({}, ['5', '77', '0']);
  cut.public = ['5', '77'];
  corpus.proof('groth16/signals-truncated', 'A last signal of 0, left out', cut, {
    check: 'signals',
  });
  put(
    'groth16/signal-plus-r',
    'A signal of r more',
    (parts) => {
      parts.public[1] = (BigInt(parts.public[1]) + R).toString();
    },
    { check: 'signals' },
  );
  put(
    'groth16/signal-hex',
    'A signal in hex',
    (parts) => {
      parts.public[0] = '0x1';
    },
    { check: 'format' },
  );
  put(
    'groth16/signal-leading-zero',
    'A signal with a leading zero',
    (parts) => {
      parts.public[0] = '01';
    },
    { check: 'format' },
  );
  put(
    'groth16/signal-space',
    'A signal with a space',
    (parts) => {
      parts.public[0] = ' 1';
    },
    { check: 'format' },
  );
  put(
    'groth16/signal-number',
    'A signal as a JSON number',
    (parts) => {
      parts.public[0] = 1;
    },
    { check: 'format' },
  );
  put(
    'groth16/signal-negative',
    'A signal below 0',
    (parts) => {
      parts.public[0] = (1n - R).toString();
    },
    { check: 'format' },
  );
  put(
    'groth16/other-signal',
    'Another signal',
    (parts) => {
      parts.public[0] = '0';
    },
    { check: 'proof' },
  );
  put(
    'groth16/other-proof',
    "Another row's proof",
    (parts) => {
      parts.proof = honest(labelB).proof;
    },
    { check: 'proof' },
  );
  put(
    'groth16/a-x-plus-q',
    'A.x + q',
    ({ proof }) => {
      proof.pi_a[0] = (BigInt(proof.pi_a[0]) + Q).toString();
    },
    { check: 'points' },
  );
  put(
    'groth16/c-y-plus-q',
    'C.y + q',
    ({ proof }) => {
      proof.pi_c[1] = (BigInt(proof.pi_c[1]) + Q).toString();
    },
    { check: 'points' },
  );
  put(
    'groth16/b-x0-plus-q',
    'B.x₀ + q',
    ({ proof }) => {
      proof.pi_b[0][0] = (BigInt(proof.pi_b[0][0]) + Q).toString();
    },
    { check: 'points' },
  );
  put(
    'groth16/a-jacobian',
    'A as (4x, 8y, 2)',
    ({ proof }) => {
      proof.pi_a = [
        ((BigInt(proof.pi_a[0]) * 4n) % Q).toString(),
        ((BigInt(proof.pi_a[1]) * 8n) % Q).toString(),
        '2',
      ];
    },
    { check: 'points' },
  );
  put(
    'groth16/b-outside',
    'B plus a point of order 10069',
    ({ proof }) => {
      proof.pi_b = json2(g2(proof.pi_b).add(smallOrderPoint()));
    },
    { check: 'points' },
  );
  put(
    'groth16/minified',
    'The proof not in file form',
    (parts) => {
      parts.proof = JSON.stringify(parts.proof);
    },
    { check: 'format' },
  );
  put(
    'groth16/unknown-key',
    'An unknown key in the proof',
    ({ proof }) => {
      proof.note = '';
    },
    { check: 'format' },
  );
  put(
    'groth16/alphabeta',
    "snarkjs' vk_alphabeta_12 in the key",
    ({ key }) => {
      key.vk_alphabeta_12 = [];
    },
    { check: 'format' },
  );
}

/** Invalid encodings of a key's points, with an honest proof. */
function encodingCases(corpus: Corpus): void {
  const put = (id: string, what: string, change: (key: Json) => void, outcome: Outcome = KEY) => {
    const parts = honest();
    change(parts.key);
    corpus.proof(`bad-key/${id}`, what, parts, outcome);
  };
  const plusQ = (point: Json) => {
    point[0] = (BigInt(point[0]) + Q).toString();
  };
  put('alpha-x-plus-q', 'α.x + q', (key) => plusQ(key.vk_alpha_1), KEY);
  put('ic-x-plus-q', 'IC[2].x + q', (key) => plusQ(key.IC[2]), KEY);
  put('delta-x-plus-q', 'δ.x₀ + q', (key) => plusQ(key.vk_delta_2[0]), KEY);
  put('alpha-off-curve', 'α off its curve', (key) => {
    key.vk_alpha_1 = ['1', '1', '1'];
  });
  put('ic-off-curve', 'IC[1] off its curve', (key) => {
    key.IC[1] = ['1', '1', '1'];
  });
  put('beta-outside', 'β plus a point of order 10069', (key) => {
    key.vk_beta_2 = json2(g2(key.vk_beta_2).add(smallOrderPoint()));
  });
  put('delta-outside', 'δ outside the group of order r', (key) => {
    key.vk_delta_2 = json2(outsidePoint());
  });
  put('gamma-limbs-swapped', 'γ with the halves of its coordinates swapped', (key) => {
    key.vk_gamma_2 = [key.vk_gamma_2[0].toReversed(), key.vk_gamma_2[1].toReversed(), key.vk_gamma_2[2]];
  });
  put('alpha-z-2', 'α with a third coordinate of 2', (key) => {
    key.vk_alpha_1[2] = '2';
  });
}
