import type { Json } from '../canonical.ts';
import { G, g1, g2, H, json1, json2, mod, scalar } from '../points.ts';
import type { ChangeTranscript } from './change-transcript.ts';

/** δ in G1 and in G2. */
function deltas(transcript: Json, { model }: Json) {
  return { inG1: g1(transcript.contributions.at(-1).deltaAfter), inG2: g2(model.verificationKey.vk_delta_2) };
}

/** IC₀ + Σ sᵢ·ICᵢ for ICᵢ = kᵢ times a point, as a multiple of it. */
function combined(k: (index: number) => bigint, { publicSignals }: Json): bigint {
  return mod(publicSignals.reduce((sum: bigint, s: string, i: number) => sum + BigInt(s) * k(i + 1), k(0)));
}

/** α, β and IC of somebody's own choice, and a proof that needs no secret of the ceremony. */
const transplant: ChangeTranscript = (transcript, bundle) => {
  const [alpha, beta] = [scalar('own alpha'), scalar('own beta')];
  const ic = (index: number) => scalar(`own ic ${index}`);
  const { inG2 } = deltas(transcript, bundle);
  Object.assign(bundle.model.verificationKey, {
    vk_alpha_1: json1(G.multiply(alpha)),
    vk_beta_2: json2(H.multiply(beta)),
    IC: [0, 1, 2, 3].map((index) => json1(G.multiply(ic(index)))),
  });
  const b = H.multiply(mod(alpha * beta + combined(ic, bundle))).add(inG2);
  Object.assign(bundle.proof, { pi_a: json1(G), pi_b: json2(b), pi_c: json1(G) });
};

/** ICᵢ = kᵢ·δ, and the proof (α, β, −(k₀ + Σ sᵢ·kᵢ)·G), which needs no secret at all. */
const icOfDelta: ChangeTranscript = (transcript, bundle) => {
  const k = (index: number) => scalar(`multiple ${index}`);
  const { inG1 } = deltas(transcript, bundle);
  const key = bundle.model.verificationKey;
  key.IC = [0, 1, 2, 3].map((index) => json1(inG1.multiply(k(index))));
  const c = json1(G.multiply(combined(k, bundle)).negate());
  Object.assign(bundle.proof, { pi_a: key.vk_alpha_1, pi_b: key.vk_beta_2, pi_c: c });
};

/** SPEC.md, section 21. */
export const HERMEZ = {
  blake2b:
    '982372c867d229c236091f767e703253249a9b432c1710b4f326306bfa2428a17b06240359606cfe4d580b10a5a1f63fbed499527069c18ae17060472969ae6e',
  name: 'powersOfTau28_hez_final_15.ptau',
};
export const hermezPoints = {
  vk_alpha_1: [
    '20491192805390485299153009773594534940189261866228447918068658471970481763042',
    '9383485363053290200918347156157836566562967994039712273449902621266178545958',
    '1',
  ],
  vk_beta_2: [
    [
      '6375614351688725206403948262868962793625744043794305715222011528459656738731',
      '4252822878758300859123897981450591353533073413197771768651442665752259397132',
    ],
    [
      '10505242626370262277552901082094356697409835680220590971873171140371331206856',
      '21847035105528745403288232691147584728191162732299865338377159692350059136679',
    ],
    ['1', '0'],
  ],
};

/** Transcripts that hold and show too little: whoever made these keys can forge under the first four. */
export const CLAIMED: readonly (readonly [id: string, what: string, change: ChangeTranscript])[] = [
  ['transplanted', 'An honest transcript on a key with chosen α, β and IC, and a forged proof', transplant],
  ['ic-of-delta', 'α and β of the phase 1, ICᵢ = kᵢ·δ, and a forged proof', icOfDelta],
  [
    'published-phase-1',
    'α and β of a published phase 1, ICᵢ = kᵢ·δ, and a forged proof',
    (transcript, bundle) => {
      transcript.phase1 = HERMEZ;
      Object.assign(bundle.model.verificationKey, hermezPoints);
      icOfDelta(transcript, bundle);
    },
  ],
  [
    'no-phase-1',
    'No phase 1 is named, α, β and IC are chosen, and the proof is forged',
    (transcript, bundle) => {
      delete transcript.phase1;
      transplant(transcript, bundle);
    },
  ],
  [
    'other-names',
    'Names that nobody confirms',
    ({ contributions }) => {
      for (const one of contributions) one.name = 'a bank';
    },
  ],
  [
    'beacon-as-contribution',
    'A beacon that is called a contribution: everybody knows its secret',
    (transcript) => {
      transcript.contributions.at(-1).kind = 'contribution';
      delete transcript.contributions.at(-1).beacon;
    },
  ],
];
