import { QuietproofError } from '../errors/quietproof-error.ts';
import { PTAU_SECTION, PtauFile } from '../formats/ptau.ts';
import type { Zkey } from '../formats/zkey.ts';
import { G1_BYTES } from '../formats/zkey-layout.ts';
import { g2Generator } from '../key/key-checker.ts';
import { wasmKeyChecker } from '../key/wasm-key-checker.ts';
import { undividedQuery } from './check-successor.ts';

/**
 * Checks that the H points of a key are those of a phase-1 file over the key's δ. They depend on the size of the circuit
 * alone, so that it can be done without the circuit; nothing like it can be done for C.
 *
 * @throws QuietproofError QP5001–QP5004 (the phase-1 file), QP5024
 */
export async function checkH(zkey: Zkey, ptauPath: string, file: string): Promise<void> {
  const n = zkey.domainSize;
  const ptau = await PtauFile.open(ptauPath);
  try {
    const { power, prepared } = ptau.header;
    if (!prepared) throw new QuietproofError('QP5003', { where: ptauPath });
    if (n > 2 ** power) throw new QuietproofError('QP5002', { where: ptauPath });
    // The odd half of the Lagrange basis of the doubled domain, as snarkjs takes it.
    const basis = await ptau.points(PTAU_SECTION.lagrangeTauG1, 2 * n - 1, 2 * n);
    const h = new Uint8Array(n * G1_BYTES);
    for (let i = 0; i < n; i += 1) {
      const at = (2 * i + 1) * G1_BYTES;
      h.set(basis.subarray(at, at + G1_BYTES), i * G1_BYTES);
    }
    const none = new Uint8Array(0);
    const undivided = await wasmKeyChecker.findUndivided(
      { ...zkey, c: none, h, delta2: g2Generator() },
      { ...zkey, c: none },
    );
    if (undivided !== undefined) throw undividedQuery('H', file);
  } finally {
    await ptau.close();
  }
}
