/** Contributions to the divided points of a key alone, and the check of what went in and came out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carrierKey, keyOrCarrier, pointsOfCarrier, withPoints } from '../../src/ceremony/carrier-key.ts';
import { ceremonySetup } from '../../src/ceremony/ceremony-setup.ts';
import { checkCeremonyKey } from '../../src/ceremony/check-ceremony-key.ts';
import { contribute } from '../../src/ceremony/contribute.ts';
import { checkStepPoints, pointSetOf } from '../../src/ceremony/point-set.ts';
import { encodePoints, pointsOfKey, readPoints } from '../../src/formats/points-file.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import { readZkey, type Zkey } from '../../src/formats/zkey.ts';
import { G1_BYTES } from '../../src/formats/zkey-layout.ts';
import { g2Generator } from '../../src/key/key-checker.ts';
import { contributorFor } from '../../src/setup/contributor.ts';
import { networkLikeR1cs } from '../formats/support/synthetic-r1cs.ts';
import { holdCurve, makePtau, temporaryFolder } from '../support/small-circuit.ts';

const r1cs = networkLikeR1cs(2, 4, 2, 1);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let release: () => Promise<void>;
let ptau: string;
/** The key before anybody contributed, after a blind contribution, and after another one. */
let keys: readonly [Uint8Array, Uint8Array, Uint8Array];
/** What travelled. */
let sent: Uint8Array;
let returned: Uint8Array;

async function blindly(points: Uint8Array, name: string): Promise<Uint8Array> {
  const carrier = carrierKey(readPoints(points, 'sent'));
  return pointsOfCarrier(await contribute(carrier, name, 'sent', contributorFor('sent')));
}

beforeAll(async () => {
  release = await holdCurve();
  folder = await temporaryFolder();
  ptau = await makePtau(folder.path, 4);
  const initial = (await ceremonySetup(readR1cs(r1cs), r1cs, ptau)).zkey;
  sent = pointsOfKey(readZkey(initial));
  returned = await blindly(sent, 'Ada');
  const second = withPoints(initial, returned, 'returned');
  keys = [initial, second, await contribute(second, 'Bo', 'key', contributorFor('key'))];
});
afterAll(async () => {
  await folder.remove();
  await release();
});

const final = () => readZkey(keys[2]);

/** Points that travelled, with some changed. */
function changed(points: Uint8Array, change: (of: { c: Uint8Array; h: Uint8Array }) => void): Zkey {
  const { c, h, ...rest } = readPoints(points, 'points');
  const copy = { ...rest, c: c.slice(), h: h.slice() };
  change(copy);
  return keyOrCarrier(encodePoints(copy), 'points');
}

describe('a blind contribution', () => {
  it('makes the key that a contribution to the whole key would', async () => {
    const files = { file: 'key', r1cs: readR1cs(r1cs), r1csBytes: r1cs, ptau };
    for (const key of [keys[1], keys[2]]) {
      expect(await checkCeremonyKey({ key, ...files })).toMatchObject({ state: 'ready' });
    }
    expect(final().transcript.contributions.map(({ name }) => name)).toEqual(['Ada', 'Bo']);
  });

  it('takes nothing along but delta, the divided points and the transcript', () => {
    const { c, h } = readZkey(keys[0]);
    expect(sent.length - c.length - h.length).toBe(12 + 4 * 12 + 6 * 32 + 68);
    expect(readZkey(keys[0]).gamma2).toEqual(g2Generator());
  });

  it('leaves the key that it continues as it was, also where that is a buffer of Node', () => {
    const before = Buffer.from(keys[0]);
    expect(Buffer.compare(withPoints(before, returned, 'x'), keys[1])).toBe(0);
    expect(Buffer.compare(before, keys[0])).toBe(0);
  });

  it('of other points than those of the key is not taken in', () => {
    const fewer = changed(returned, (points) => {
      points.c = points.c.subarray(G1_BYTES);
    });
    expect(() => withPoints(keys[0], pointsOfCarrier(fewer.bytes), 'x')).toThrow(
      expect.objectContaining({ code: 'QP5021' }),
    );
    for (const cut of [returned.subarray(0, -1), returned.subarray(0, 40), keys[1]]) {
      expect(() => withPoints(keys[0], cut, 'x')).toThrow(expect.objectContaining({ code: 'QP5013' }));
    }
  });

  it('refuses a point that is not in its group, which would leak a part of the secret', async () => {
    for (const query of ['c', 'h'] as const) {
      const bad = changed(sent, (points) => {
        points[query][0]! ^= 1;
      });
      await expect(contribute(bad.bytes, 'Ada', 'x', contributorFor('x'))).rejects.toThrow();
    }
  });
});

describe('the points of a step', () => {
  it('are those of the circuit, before and after, as files of points and as keys', async () => {
    for (const [index, bytes] of [sent, returned, keys[2]].entries()) {
      const step = keyOrCarrier(bytes, 'step');
      expect(await checkStepPoints(final(), step, 'step')).toEqual({ index, ...pointSetOf(step) });
      expect(pointSetOf(readZkey(keys[index]!))).toEqual(pointSetOf(step));
    }
  });

  it('are no others: one of IC in the place of one of C, which comes back divided by delta', async () => {
    const { ic } = readZkey(keys[0]);
    const trap = changed(sent, ({ c }) => c.set(ic.subarray(0, G1_BYTES)));
    // The contributor sees points in their group and an honest transcript.
    const made = await contribute(trap.bytes, 'Ada', 'x', contributorFor('x'));
    expect(readZkey(made).transcript.contributions).toHaveLength(1);
    await expect(checkStepPoints(final(), trap, 'x')).rejects.toMatchObject({ code: 'QP5024' });
    // The coordinator goes on with this contribution, and puts the point of the circuit back: what came back is refused.
    const { c, h, ...rest } = readPoints(pointsOfCarrier(made), 'made');
    const whole = readZkey(withPoints(keys[0], encodePoints({ ...rest, c, h }), 'made'));
    const mended = {
      ...whole,
      c: Buffer.concat([readZkey(keys[0]).c.subarray(0, G1_BYTES), c.subarray(G1_BYTES)]),
    };
    await expect(checkStepPoints(mended, readZkey(made), 'x')).rejects.toMatchObject({ code: 'QP5024' });
  });

  it('are no more and no fewer, not swapped, and not those of another step', async () => {
    const cases = {
      more: changed(sent, (points) => {
        points.c = Buffer.concat([points.c, points.c.subarray(0, G1_BYTES)]);
      }),
      fewer: changed(sent, (points) => {
        points.c = points.c.subarray(G1_BYTES);
      }),
      swapped: changed(sent, ({ h }) => {
        const first = h.slice(0, G1_BYTES);
        h.copyWithin(0, G1_BYTES, 2 * G1_BYTES);
        h.set(first, G1_BYTES);
      }),
      stale: changed(returned, (points) => {
        points.h = readPoints(sent, 'sent').h;
      }),
    };
    const codes = { more: 'QP5021', fewer: 'QP5021', swapped: 'QP5024', stale: 'QP5024' };
    for (const [name, step] of Object.entries(cases)) {
      const checking = checkStepPoints(final(), step, name);
      await expect(checking).rejects.toMatchObject({ code: codes[name as keyof typeof codes] });
    }
  });

  it('are of this ceremony, and not of a contribution that was thrown away', async () => {
    const other = keyOrCarrier(await blindly(sent, 'Ada'), 'other');
    await expect(checkStepPoints(final(), other, 'x')).rejects.toMatchObject({ code: 'QP5021' });
  });
});
