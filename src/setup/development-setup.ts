import { createHash, randomFillSync } from 'node:crypto';
import { ELEMENT_BYTES, isScalar } from '../field/bn254.ts';
import { Bn254 } from '../field/bn254-wasm.ts';
import { circuitDomainPower, publicCount } from '../formats/evaluation-domain.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { coefficientCount, writeCoefficients } from '../formats/zkey-coefficients.ts';
import { allocateZkey, G2_BYTES, HEADER, SECTION, type ZkeyShape } from '../formats/zkey-layout.ts';
import { SetupProgress, type SetupReporter } from '../key/setup-progress.ts';
import { G1, G2 } from './batch-addition.ts';
import { FixedBase } from './fixed-base.ts';
import { evaluateQap, type QapAtTau, type Toxic } from './qap.ts';

/** A point of G2 costs about four times one of G1. */
const G2_WEIGHT = 4;

/**
 * Makes a Groth16 key from fresh local randomness. The circuit's polynomials are evaluated at τ in the field, and each
 * point of the key is one fixed-base multiplication. The maker could forge proofs, so the key is only for development.
 * τ, α, β and δ exist only in WebAssembly memory, which is overwritten before this function returns.
 *
 * γ is the generator, as in every snarkjs key. δ is random.
 *
 * @returns a .zkey file that snarkjs accepts, without contributions
 * @throws QuietproofError QP5014 (too large); the signal's reason when aborted
 */
export async function developmentSetup(r1cs: R1cs, reporter: SetupReporter = {}): Promise<Uint8Array> {
  const shape: ZkeyShape = {
    nWires: r1cs.nWires,
    nPublic: publicCount(r1cs),
    domainSize: 2 ** circuitDomainPower(r1cs),
  };
  const draft = allocateZkey(shape, coefficientCount(r1cs));
  writeCoefficients(draft.section(SECTION.coefficients), r1cs);
  const curve = await Bn254.create();
  try {
    const progress = new SetupProgress((3 + G2_WEIGHT) * shape.nWires + shape.domainSize, reporter);
    await writePoints(curve, drawAndEvaluate(curve, r1cs), shape, draft.section, progress);
  } finally {
    curve.wipe();
  }
  draft.section(SECTION.contributions).set(developmentHash(draft.file));
  return draft.file;
}

interface Drawn {
  readonly toxic: Toxic;
  readonly delta: number;
  readonly qap: QapAtTau;
}

function drawAndEvaluate(curve: Bn254, r1cs: R1cs): Drawn {
  for (;;) {
    const mark = curve.mark();
    const [tau, alpha, beta, delta] = [0, 1, 2, 3].map(() => drawScalar(curve)) as [
      number,
      number,
      number,
      number,
    ];
    const inverseDelta = curve.allocate(ELEMENT_BYTES);
    curve.ops.frm_inverse!(delta, inverseDelta);
    const toxic = { tau, alpha, beta, inverseDelta };
    const qap = evaluateQap(curve, r1cs, toxic);
    if (qap !== undefined) return { toxic, delta, qap };
    curve.release(mark); // τ was a root of unity: about one chance in 2^235
  }
}

/** A uniform non-zero scalar from the operating system's generator; any residue may be read as Montgomery form. */
function drawScalar(curve: Bn254): number {
  const address = curve.allocate(ELEMENT_BYTES);
  const bytes = curve.bytes(address, ELEMENT_BYTES);
  const view = new DataView(bytes.buffer, address, ELEMENT_BYTES);
  do {
    randomFillSync(bytes);
    bytes[ELEMENT_BYTES - 1]! &= 0x3f; // r has 254 bits
  } while (!isScalar(view, 0) || curve.ops.frm_isZero!(address));
  return address;
}

async function writePoints(
  curve: Bn254,
  { qap, toxic, delta }: Drawn,
  shape: ZkeyShape,
  section: (id: number) => Uint8Array,
  progress: SetupProgress,
): Promise<void> {
  const { nWires, nPublic, domainSize } = shape;
  const step = (points: number) => progress.advance(points);
  const header = section(SECTION.header);
  const mark = curve.mark();
  const inG2 = new FixedBase(curve, G2, nWires);
  await inG2.multiply(toxic.beta, 1, header.subarray(HEADER.beta2));
  await inG2.multiply(delta, 1, header.subarray(HEADER.delta2));
  await inG2.multiply(qap.b, nWires, section(SECTION.b2), (points) => step(G2_WEIGHT * points));
  header.set(curve.bytes(curve.g2, G2_BYTES), HEADER.gamma2);
  curve.release(mark);
  const inG1 = new FixedBase(curve, G1, 3 * nWires + domainSize);
  await inG1.multiply(toxic.alpha, 1, header.subarray(HEADER.alpha1));
  await inG1.multiply(toxic.beta, 1, header.subarray(HEADER.beta1));
  await inG1.multiply(delta, 1, header.subarray(HEADER.delta1));
  await inG1.multiply(qap.a, nWires, section(SECTION.a), step);
  await inG1.multiply(qap.b, nWires, section(SECTION.b1), step);
  await inG1.multiply(qap.k, nPublic + 1, section(SECTION.ic), step);
  const firstPrivate = qap.k + (nPublic + 1) * ELEMENT_BYTES;
  await inG1.multiply(firstPrivate, nWires - nPublic - 1, section(SECTION.c), step);
  await inG1.multiply(qap.h, domainSize, section(SECTION.h), step);
}

/**
 * Takes the place of a ceremony key's digest of its state before the first contribution. The domain tag rules out
 * that the two are ever equal.
 */
function developmentHash(file: Uint8Array): Uint8Array {
  return createHash('blake2b512').update('quietproof/development-key/v1').update(file).digest();
}
