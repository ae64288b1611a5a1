/** The base whose key was made in a ceremony, by snarkjs, and how to carry other transcripts. */
import type { Json } from '../canonical.ts';
import { canonical } from '../canonical.ts';
import { base64, ID_A } from './models.ts';
import { seal, sidecarDigest } from './seal.ts';
import { type Toy, toyBundle, toyOpening } from './toy.ts';
import { ceremony, setupOf } from './transcript.ts';

const TYPE = 'application/vnd.quietproof.transcript.v1+json';
const { contextId: _, ...SMALL } = ID_A;

/** A label with an input digest, as test/verify/support/digest-label.circom has it. */
export const CEREMONY_A: Toy = {
  ...SMALL,
  name: 'ceremony-a',
  interface: {
    ...ID_A.interface,
    name: 'squares',
    outputs: [{ ...ID_A.interface.outputs[0], count: 10 }],
    input: {
      mode: 'digest',
      parts: [
        {
          name: 'input',
          shape: [4],
          encoding: { kind: 'affine', axes: [], offset: '0', step: '1', max: '255' },
        },
      ],
    },
  },
  outputs: [4],
  salt: 1234567890n,
};

/** The toy with the ceremony's key, and its proof of the same signals. */
export function ceremonyBundle(): Json {
  const { verificationKey, transcript, proofs } = ceremony();
  const bundle = toyBundle(CEREMONY_A);
  const [{ proof, publicSignals }] = proofs;
  if (canonical(publicSignals) !== canonical(bundle.publicSignals)) throw new Error('other signals');
  bundle.proof = proof;
  bundle.model.verificationKey = verificationKey;
  return seal(carry(bundle, transcript));
}

export function ceremonyOpening(): Json {
  return { ...toyOpening(CEREMONY_A), modelId: ceremonyBundle().model.ids.modelId };
}

/** The transcript that a bundle carries. */
export function carried({ model }: Json): Json {
  return JSON.parse(Buffer.from(model.sidecars.transcript.content, 'base64').toString());
}

/** Puts a transcript into a bundle, with the setup that fits it. @param content if it differs from the transcript's */
export function carry(bundle: Json, transcript: Json, content: string = canonical(transcript)): Json {
  const { model } = bundle;
  model.setup = { ...setupOf(transcript), transcript: sidecarDigest(Buffer.from(content)) };
  const about = { what: 'key', sha256: '' };
  model.sidecars = { transcript: { about, type: TYPE, content: base64(content) } };
  return bundle;
}
