import type { Json } from './canonical.ts';
import { type BaseBundle, type Corpus, decisionA, labelA, logitsA, type Outcome } from './corpus.ts';
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
  outsidePoint,
  Q,
  scalar,
  smallOrderPoint,
} from './points.ts';

/** Proofs with invalid points, and proofs that do not verify. */
export function pointCases(corpus: Corpus): void {
  const put = (
    id: string,
    what: string,
    change: (proof: Json) => void,
    outcome: Outcome = { check: 'points' },
    from: BaseBundle = labelA,
  ) => {
    const bundle = from.copy();
    change(bundle.proof);
    corpus.bundle(`points/${id}`, what, from, bundle, outcome);
  };
  coordinates(put);
  infinities(put);
  otherGroups(put);
  projective(put);
  otherProofs(put);
}

type Put = (
  id: string,
  what: string,
  change: (proof: Json) => void,
  outcome?: Outcome,
  from?: BaseBundle,
) => void;

const plus = (value: string, more: bigint) => (BigInt(value) + more).toString();

/** Coordinates that are valid only modulo q, or not on the curve. */
function coordinates(put: Put): void {
  for (const from of [labelA, logitsA, decisionA]) {
    const { contract } = from;
    put(
      `${contract}-a-x-plus-q`,
      'A.x + q',
      (p) => {
        p.pi_a[0] = plus(p.pi_a[0], Q);
      },
      undefined,
      from,
    );
  }
  put('a-y-plus-q', 'A.y + q', (p) => {
    p.pi_a[1] = plus(p.pi_a[1], Q);
  });
  put('b-x0-plus-q', 'B.x₀ + q', (p) => {
    p.pi_b[0][0] = plus(p.pi_b[0][0], Q);
  });
  put('b-x1-plus-q', 'B.x₁ + q', (p) => {
    p.pi_b[0][1] = plus(p.pi_b[0][1], Q);
  });
  put('b-y1-plus-q', 'B.y₁ + q', (p) => {
    p.pi_b[1][1] = plus(p.pi_b[1][1], Q);
  });
  put('c-x-plus-q', 'C.x + q', (p) => {
    p.pi_c[0] = plus(p.pi_c[0], Q);
  });
  put('c-y-plus-4q', 'C.y + 4·q: still below 2^256', (p) => {
    p.pi_c[1] = plus(p.pi_c[1], 4n * Q);
  });
  put('a-x-q', 'A.x = q', (p) => {
    p.pi_a[0] = Q.toString();
  });
  put('a-x-word-max', 'A.x = 2^256 − 1', (p) => {
    p.pi_a[0] = ((1n << 256n) - 1n).toString();
  });
  put('a-swapped', 'A with x and y swapped', (p) => {
    [p.pi_a[0], p.pi_a[1]] = [p.pi_a[1], p.pi_a[0]];
  });
  put('a-off-curve', 'A = (1, 1)', (p) => {
    p.pi_a = ['1', '1', '1'];
  });
  put('a-other-curve', 'A on y² = x³ + 4: an invalid-curve point', (p) => {
    p.pi_a = ['0', '2', '1'];
  });
  put('b-off-curve', 'B.y plus one', (p) => {
    p.pi_b[1][0] = plus(p.pi_b[1][0], 1n);
  });
  put('c-off-curve', 'C = (0, 1)', (p) => {
    p.pi_c = ['0', '1', '1'];
  });
  put('b-limbs-swapped', 'B with the halves of its coordinates swapped, as EIP-197 writes them', (p) => {
    p.pi_b = [p.pi_b[0].toReversed(), p.pi_b[1].toReversed(), p.pi_b[2]];
  });
  put('b-x-limbs-swapped', 'B with the halves of x swapped', (p) => {
    p.pi_b[0].reverse();
  });
  put('b-conjugate', 'B conjugated: on the conjugate curve', (p) => {
    p.pi_b = p.pi_b.map(([c0, c1]: Json, i: number) =>
      i === 2 ? [c0, c1] : [c0, (Q - BigInt(c1)).toString()],
    );
  });
}

function infinities(put: Put): void {
  put('a-infinity', 'A at infinity', (p) => {
    p.pi_a = INFINITY_1;
  });
  put('b-infinity', 'B at infinity', (p) => {
    p.pi_b = INFINITY_2;
  });
  put('c-infinity', 'C at infinity', (p) => {
    p.pi_c = INFINITY_1;
  });
  put('all-infinity', 'All at infinity', (p) =>
    Object.assign(p, { pi_a: INFINITY_1, pi_b: INFINITY_2, pi_c: INFINITY_1 }),
  );
  put('a-zero', 'A = (0, 0), infinity as the EVM writes it', (p) => {
    p.pi_a = ['0', '0', '1'];
  });
  put('a-all-zero', 'A of three zeros', (p) => {
    p.pi_a = ['0', '0', '0'];
  });
  put('c-z-zero', 'C with its third coordinate 0', (p) => {
    p.pi_c[2] = '0';
  });
  put('b-z-zero', 'B with its third coordinate 0', (p) => {
    p.pi_b[2] = ['0', '0'];
  });
}

function otherGroups(put: Put): void {
  put('b-outside', 'B on the twist, outside the group of order r', (p) => {
    p.pi_b = json2(outsidePoint());
  });
  put('b-small-order', 'B of order 10069', (p) => {
    p.pi_b = json2(smallOrderPoint());
  });
  put(
    'b-plus-small-order',
    'B plus a point of order 10069: a check without a subgroup test can be fooled',
    (p) => {
      p.pi_b = json2(g2(p.pi_b).add(smallOrderPoint()));
    },
  );
  put('b-negated-outside', 'A point outside, negated', (p) => {
    p.pi_b = json2(outsidePoint().negate());
  });
  put(
    'b-plus-outside',
    'B plus a point outside',
    (p) => {
      p.pi_b = json2(g2(p.pi_b).add(outsidePoint()));
    },
    undefined,
    decisionA,
  );
}

/** The same points in projective coordinates, which only a lenient parser accepts. */
function projective(put: Put): void {
  const times = (value: string, k: bigint) => ((BigInt(value) * k) % Q).toString();
  put('a-z-2', 'A as (4x, 8y, 2): Jacobian', (p) => {
    p.pi_a = [times(p.pi_a[0], 4n), times(p.pi_a[1], 8n), '2'];
  });
  put('a-z-2-projective', 'A as (2x, 2y, 2): projective', (p) => {
    p.pi_a = [times(p.pi_a[0], 2n), times(p.pi_a[1], 2n), '2'];
  });
  put('b-z-2', 'B as (4x, 8y, 2): Jacobian', (p) => {
    p.pi_b = [
      p.pi_b[0].map((c: string) => times(c, 4n)),
      p.pi_b[1].map((c: string) => times(c, 8n)),
      ['2', '0'],
    ];
  });
  put('a-z-minus-1', 'A as (x, −y, −1): Jacobian', (p) => {
    p.pi_a = [p.pi_a[0], (Q - BigInt(p.pi_a[1])).toString(), (Q - 1n).toString()];
  });
  put('a-z-q-plus-1', 'A with a third coordinate of q + 1', (p) => {
    p.pi_a[2] = (Q + 1n).toString();
  });
  put('c-z-3', 'C as (9x, 27y, 3): Jacobian', (p) => {
    p.pi_c = [times(p.pi_c[0], 9n), times(p.pi_c[1], 27n), '3'];
  });
  put('b-z-u', 'B with a third coordinate of u', (p) => {
    p.pi_b[2] = ['0', '1'];
  });
}

/** Valid points that do not form a valid proof. */
function otherProofs(put: Put): void {
  const none: Outcome = { check: 'proof' };
  put(
    'a-and-c-swapped',
    'A and C swapped',
    (p) => {
      [p.pi_a, p.pi_c] = [p.pi_c, p.pi_a];
    },
    none,
  );
  put(
    'generators',
    'The generators',
    (p) => Object.assign(p, { pi_a: json1(G), pi_b: json2(H), pi_c: json1(G) }),
    none,
  );
  put(
    'a-negated',
    '−A',
    (p) => {
      p.pi_a = json1(g1(p.pi_a).negate());
    },
    none,
  );
  put(
    'b-negated',
    '−B',
    (p) => {
      p.pi_b = json2(g2(p.pi_b).negate());
    },
    none,
  );
  put(
    'c-negated',
    '−C',
    (p) => {
      p.pi_c = json1(g1(p.pi_c).negate());
    },
    none,
  );
  put(
    'all-negated',
    '(−A, −B, −C)',
    (p) =>
      Object.assign(p, {
        pi_a: json1(g1(p.pi_a).negate()),
        pi_b: json2(g2(p.pi_b).negate()),
        pi_c: json1(g1(p.pi_c).negate()),
      }),
    none,
  );
  put(
    'a-doubled',
    '(2A, B, C)',
    (p) => {
      p.pi_a = json1(g1(p.pi_a).double());
    },
    none,
  );
  put(
    'c-doubled',
    '(A, B, 2C)',
    (p) => {
      p.pi_c = json1(g1(p.pi_c).double());
    },
    none,
  );
  put(
    'all-scaled',
    '(sA, s⁻¹B, sC)',
    (p) => {
      const s = scalar('all-scaled');
      Object.assign(p, {
        pi_a: json1(g1(p.pi_a).multiply(s)),
        pi_b: json2(g2(p.pi_b).multiply(INVERSE(s))),
        pi_c: json1(g1(p.pi_c).multiply(s)),
      });
    },
    none,
  );
  for (const from of [labelA, logitsA, decisionA]) {
    put(
      `${from.contract}-random`,
      'Random points of the right groups',
      (p) =>
        Object.assign(p, {
          pi_a: json1(G.multiply(scalar('a'))),
          pi_b: json2(H.multiply(scalar('b'))),
          pi_c: json1(G.multiply(scalar('c'))),
        }),
      none,
      from,
    );
  }
}
