import { zKey } from 'snarkjs';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { circuitDomainPower, publicCount } from '../formats/evaluation-domain.ts';
import { PtauFile } from '../formats/ptau.ts';
import type { R1cs } from '../formats/r1cs.ts';
import { coefficientCount } from '../formats/zkey-coefficients.ts';
import { COEFFICIENT_BYTES, pointSectionBytes } from '../formats/zkey-layout.ts';
import { withCurve } from '../key/snarkjs-session.ts';
import { checkPtau } from './check-ptau.ts';
import type { KeyPreparer, Preparation } from './key-preparer.ts';

/** Prepares with snarkjs, in WebAssembly. */
export const snarkjsPreparer: KeyPreparer = {
  async check({ ptau: path, power }) {
    const ptau = await PtauFile.open(path);
    try {
      await withCurve((curve) => checkPtau(ptau, power, curve, path));
    } finally {
      await ptau.close();
    }
  },
  newKey: (preparation) => withCurve(() => newKey(preparation)),
};

async function newKey({ r1cs, r1csBytes, ptau, signal }: Preparation): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const errors: string[] = [];
  const ignore = () => {};
  const logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (text: string) => errors.push(text),
  };
  // In memory, because snarkjs' file layer leaves a partial file behind when the disk is full.
  const target = { type: 'mem' as const, initialSize: keyBytes(r1cs), data: new Uint8Array() };
  const result = await zKey.newZKey(r1csBytes, ptau, target, logger);
  if (result === -1) {
    const what = `snarkjs rejects the ceremony file: ${errors.join('; ')}`;
    throw new QuietproofError('QP5001', { what, where: ptau, fix: 'Download the ceremony file again' });
  }
  return target.data;
}

/** Slightly more than the size of the key, so that its buffer is allocated once. */
function keyBytes(r1cs: R1cs): number {
  const shape = {
    nWires: r1cs.nWires,
    nPublic: publicCount(r1cs),
    domainSize: 2 ** circuitDomainPower(r1cs),
  };
  let bytes = 4096 + coefficientCount(r1cs) * COEFFICIENT_BYTES;
  for (const section of pointSectionBytes(shape).values()) bytes += section;
  return bytes;
}
