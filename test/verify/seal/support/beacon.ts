import { bls12_381 } from '@noble/curves/bls12-381.js';
import {
  BEACON_SCHEME,
  type BeaconChain,
  type BeaconInfo,
  type BeaconRound,
  beaconChain,
  type CheckedRound,
  checkRound,
  roundMessage,
} from '@quietproof/verify/seal';

const scheme = bls12_381.shortSignatures;
const DOMAIN = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';

/** A beacon of a test's own, whose secret the test knows. */
export class TestBeacon {
  readonly info: BeaconInfo;
  readonly chain: BeaconChain;
  readonly #secret: Uint8Array;

  constructor({ genesis = 1_700_000_000, period = 30, seed = 1 } = {}) {
    const { secretKey, publicKey } = scheme.keygen(new Uint8Array(48).fill(seed));
    this.#secret = secretKey;
    this.info = {
      scheme: BEACON_SCHEME,
      publicKey: publicKey.toHex(true),
      genesis,
      period,
      seed: 'ab'.repeat(32),
      id: 'test',
    };
    this.chain = beaconChain(this.info);
  }

  /** As a node of drand says it. */
  get nodeInfo() {
    const { scheme: schemeID, publicKey: public_key, genesis: genesis_time, period, seed, id } = this.info;
    const { hash } = this.chain;
    return { public_key, period, genesis_time, hash, groupHash: seed, schemeID, metadata: { beaconID: id } };
  }

  round(round: number): BeaconRound {
    const signature = scheme.sign(scheme.hash(roundMessage(round), DOMAIN), this.#secret);
    return { round, signature: signature.toHex(true) };
  }

  checked(round: number): CheckedRound {
    return checkRound(this.chain, this.round(round));
  }
}
