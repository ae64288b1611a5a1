import { bn254 } from '@noble/curves/bn254.js';
import { type ProofJson, Q, R } from '@quietproof/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proofWords } from '../../../src/export/solidity/bundle-calls.ts';
import { digestFixture, digestRecord, publicFixture, publicRecord } from '../../verify/support/corpus.ts';
import { g1Json, g2Json, smallOrderPoint, twistPoint } from '../../verify/support/points.ts';
import { Anvil } from './support/anvil.ts';
import { type DeployedVerifier, deployVerifier, outcome, type Words } from './support/deploy-verifier.ts';

let anvil: Anvil;
const deployed = new Map<string, DeployedVerifier>();

const CASES = [
  ['digest-label', digestFixture, digestRecord()],
  ['public-logits', publicFixture, publicRecord()],
] as const;

beforeAll(async () => {
  anvil = await Anvil.start();
  for (const [name, , record] of CASES) deployed.set(name, await deployVerifier(anvil, record));
});
afterAll(() => anvil?.stop());

describe.each(CASES)('%s', (name, fixture, record) => {
  const { proof, publicSignals } = fixture.proofs[0]!;
  const signals = publicSignals.map(BigInt);
  const words = proofWords(proof);
  const verifier = () => deployed.get(name)!;
  const outcomes = async (points: Words, values: Words) => ({
    verify: await verifier().verify(points, values),
    check: await verifier().check(points, values),
  });
  const valid = { verify: 'valid', check: true };
  const refused = (error: string) => ({ verify: error, check: false });

  test('valid proofs pass, also in a transaction', async () => {
    for (const each of fixture.proofs) {
      const points = proofWords(each.proof);
      expect(await outcomes(points, each.publicSignals)).toEqual(valid);
      const sent = await verifier().contract.getFunction('verify').send(points, each.publicSignals);
      expect((await sent.wait())?.status).toBe(1);
    }
  });

  test('its ids and layout are those of the record', async () => {
    const { contract } = verifier();
    const { outputs, inputs, digest } = await contract.getFunction('signalLayout')();
    const [output, input] = record.interface.signals;
    expect([outputs, inputs, digest]).toEqual([
      BigInt(output!.count),
      BigInt(input!.count),
      record.interface.input.mode === 'digest',
    ]);
    const ids = ['MODEL_ID', 'CIRCUIT_ID', 'KEY_ID'].map((id) => contract.getFunction(id)());
    const { modelId, circuitId, keyId } = record.ids;
    expect(await Promise.all(ids)).toEqual([`0x${modelId}`, `0x${circuitId}`, `0x${keyId}`]);
  });

  test('re-randomised proofs, or with two signs changed, pass', async () => {
    const same = [negatedPair(proof), rescaled(proof), shifted(proof, fixture.verificationKey.vk_delta_2)];
    for (const each of same) {
      const points = proofWords(each);
      expect(points).not.toEqual(words);
      expect(await outcomes(points, signals)).toEqual(valid);
    }
  });

  test('a bit flipped in any word of the proof is refused', async () => {
    for (const [index, value] of words.entries()) {
      for (const bit of [0n, 1n, 128n, 253n]) {
        const points = words.with(index, value ^ (1n << bit));
        expect(await outcomes(points, signals), `word ${index}, bit ${bit}`).toEqual(refused('InvalidProof'));
      }
    }
  });

  test('coordinates not below the field modulus are refused, even if the point is the same', async () => {
    for (const [index, value] of words.entries()) {
      expect(await outcomes(words.with(index, value + Q), signals)).toEqual(refused('InvalidProof'));
      for (const other of [Q, Q - 1n, 2n ** 256n - 1n])
        expect(await outcomes(words.with(index, other), signals)).toEqual(refused('InvalidProof'));
    }
  });

  test('points at infinity are refused', async () => {
    const [a, b, c] = [words.slice(0, 2), words.slice(2, 6), words.slice(6)];
    const zeros = (part: readonly bigint[]) => part.map(() => 0n);
    const error = refused('PointAtInfinity');
    expect(await outcomes([...zeros(a), ...b, ...c], signals)).toEqual(error);
    expect(await outcomes([...a, ...zeros(b), ...c], signals)).toEqual(error);
    expect(await outcomes([...a, ...b, ...zeros(c)], signals)).toEqual(error);
    expect(await outcomes(zeros(words), signals)).toEqual(error);
    // (q, q) is zero in the field, but not a valid encoding.
    expect(await outcomes([Q, Q, ...b, ...c], signals)).toEqual(refused('InvalidProof'));
    expect(await outcomes([0n, Q, ...b, ...c], signals)).toEqual(refused('InvalidProof'));
  });

  test('swapped parts are refused: A and C, limbs of B, coordinates, another row', async () => {
    const [ax, ay, x1, x0, y1, y0, cx, cy] = words as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const other = proofWords(fixture.proofs[1]!.proof);
    const swaps = [
      [cx, cy, x1, x0, y1, y0, ax, ay],
      [ax, ay, x0, x1, y0, y1, cx, cy],
      [ay, ax, x1, x0, y1, y0, cx, cy],
      [ax, ay, y1, y0, x1, x0, cx, cy],
      other,
      [...other.slice(0, 2), ...words.slice(2)],
      [...words.slice(0, 2), ...other.slice(2, 6), ...words.slice(6)],
      [...words.slice(0, 6), ...other.slice(6)],
    ];
    for (const points of swaps) expect(await outcomes(points, signals)).toEqual(refused('InvalidProof'));
  });

  test('points off their curve are refused, and B on its curve but outside the group', async () => {
    const [a, b, c] = [words.slice(0, 2), words.slice(2, 6), words.slice(6)];
    const outside = [
      twistPoint(),
      smallOrderPoint(twistPoint()),
      fromProof(proof).add(smallOrderPoint(twistPoint())),
    ];
    for (const point of outside) {
      expect(point.isTorsionFree()).toBe(false);
      const points = proofWords({ ...proof, pi_b: g2Json(point) });
      expect(await outcomes(points, signals)).toEqual(refused('InvalidProof'));
    }
    expect(await outcomes([1n, 1n, ...b, ...c], signals)).toEqual(refused('InvalidProof'));
    expect(await outcomes([...a, 1n, 1n, 1n, 1n, ...c], signals)).toEqual(refused('InvalidProof'));
    expect(await outcomes([...a, ...b, 1n, 1n], signals)).toEqual(refused('InvalidProof'));
  });

  test('signals changed within their ranges are refused', async () => {
    for (const [index, value] of signals.entries()) {
      const values = signals.with(index, value === 0n ? 1n : value - 1n);
      expect(await outcomes(words, values), `signal ${index}`).toEqual(refused('InvalidProof'));
    }
    const other = fixture.proofs[1]!.publicSignals.at(-1)!;
    expect(await outcomes(words, signals.with(-1, BigInt(other)))).toEqual(refused('InvalidProof'));
  });

  test('signals out of range are refused: by one, plus the group order, huge', async () => {
    const bounds = record.interface.signals.flatMap(({ count, max }) =>
      typeof max === 'string' ? Array<bigint>(count).fill(BigInt(max)) : max.map(BigInt),
    );
    for (const [index, value] of signals.entries()) {
      for (const wrong of [bounds[index]! + 1n, value + R, 2n ** 256n - 1n, R]) {
        const values = signals.with(index, wrong);
        expect(await outcomes(words, values)).toEqual(refused('SignalOutOfRange'));
        const data = verifier().contract.getFunction('verify').staticCall(words, values);
        await expect(data).rejects.toMatchObject({ revert: { args: [BigInt(index)] } });
      }
    }
  });

  test('too few and too many signals are refused', async () => {
    const error = refused('SignalCount');
    expect(await outcomes(words, signals.slice(0, -1))).toEqual(error);
    expect(await outcomes(words, [...signals, 0n])).toEqual(error);
    expect(await outcomes(words, [])).toEqual(error);
  });

  test('proofs of another setup are refused', async () => {
    const other = fixture.otherSetup.proofs[0]!;
    expect(await outcomes(proofWords(other.proof), other.publicSignals)).toEqual(refused('InvalidProof'));
  });

  test('truncated calldata reverts', async () => {
    const { contract } = verifier();
    const to = await contract.getAddress();
    for (const method of ['verify', 'check']) {
      const data = contract.interface.encodeFunctionData(method, [words, signals]);
      const whole = (data.length - 2) / 2;
      for (const length of [0, 3, 4, 36, whole - 33, whole - 32, whole - 1]) {
        const call = anvil.provider.call({ to, data: data.slice(0, 2 + 2 * length) });
        expect(await outcome(call), `${method}, ${length} bytes`).toBe('reverted');
      }
    }
  });

  test('with too little gas there is no answer, never a wrong one', async () => {
    const data: string[] = [];
    for (let gasLimit = 60_000; gasLimit <= 320_000; gasLimit += 4_000) {
      const call = verifier().contract.getFunction('check').staticCall(words, signals, { gasLimit });
      data.push(
        await outcome(
          call.then((yes) => expect(yes).toBe(true)),
          'valid',
        ),
      );
    }
    expect(data.at(-1)).toBe('valid');
    expect(data).toContain('NotEnoughGas');
    // Above the first sufficient limit, all limits are sufficient.
    const first = data.indexOf('valid');
    expect(new Set(data.slice(first))).toEqual(new Set(['valid']));
  });

  test('an invalid proof burns a limited amount of gas', async () => {
    const call = verifier().contract.getFunction('check').estimateGas(words.with(0, Q), signals);
    expect(Number(await call)).toBeLessThan(1_100_000);
  });
});

test('without a precompile, nothing is valid', async () => {
  const { proof, publicSignals } = digestFixture.proofs[0]!;
  // A call to an account without code succeeds and returns no data.
  for (const precompile of ['0x06', '0x07', '0x08']) {
    const change = (source: string) => source.replaceAll(`, ${precompile}, `, ', 0xdead, ');
    const verifier = await deployVerifier(anvil, digestRecord(), change);
    const answer = await outcome(
      verifier.check(proofWords(proof), publicSignals).then((yes) => expect(yes).toBe(false)),
    );
    expect(['passed', 'NotEnoughGas']).toContain(answer);
    expect(await verifier.verify(proofWords(proof), publicSignals)).not.toBe('valid');
  }
});

test('without its range checks the contract accepts a signal plus the group order', async () => {
  const { proof, publicSignals } = digestFixture.proofs[0]!;
  const [points, signals] = [proofWords(proof), publicSignals.map(BigInt)];
  const again = signals.with(1, signals[1]! + R);
  const change = (source: string) => source.replaceAll(/if gt\(calldataload.*leave }/g, '');
  const verifier = await deployVerifier(anvil, digestRecord(), change);
  expect(await verifier.check(points, signals)).toBe(true);
  expect(await verifier.check(points, again)).toBe(true);
});

/** (−A, −B, C). */
function negatedPair(proof: ProofJson): ProofJson {
  const minus = (y: string) => (Q - BigInt(y)).toString();
  const [[x, y, z], [bx, [y0, y1], bz]] = [proof.pi_a, proof.pi_b];
  return { ...proof, pi_a: [x, minus(y), z], pi_b: [bx, [minus(y0), minus(y1)], bz] };
}

/** (s·A, B/s, C). */
function rescaled(proof: ProofJson): ProofJson {
  const s = 123456789n;
  const a = bn254.G1.Point.fromAffine({ x: BigInt(proof.pi_a[0]), y: BigInt(proof.pi_a[1]) });
  const b = fromProof(proof).multiply(bn254.fields.Fr.inv(s));
  return { ...proof, pi_a: g1Json(a.multiply(s)), pi_b: g2Json(b) };
}

/** (A, B + k·δ, C + k·A). */
function shifted(proof: ProofJson, delta: ProofJson['pi_b']): ProofJson {
  const k = 987654321n;
  const a = bn254.G1.Point.fromAffine({ x: BigInt(proof.pi_a[0]), y: BigInt(proof.pi_a[1]) });
  const c = bn254.G1.Point.fromAffine({ x: BigInt(proof.pi_c[0]), y: BigInt(proof.pi_c[1]) });
  const b = fromProof(proof).add(fromProof({ ...proof, pi_b: delta }).multiply(k));
  return { ...proof, pi_b: g2Json(b), pi_c: g1Json(c.add(a.multiply(k))) };
}

function fromProof({ pi_b: [x, y] }: ProofJson) {
  const fp2 = ([c0, c1]: readonly [string, string]) => ({ c0: BigInt(c0), c1: BigInt(c1) });
  return bn254.G2.Point.fromAffine({ x: fp2(x), y: fp2(y) });
}
