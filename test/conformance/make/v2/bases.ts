import { createHash } from 'node:crypto';
import { base } from '../../materialise.ts';
import { fileForm, type Json } from '../canonical.ts';
import { CONTEXTS } from '../corpus.ts';
import { CEREMONY_A, ceremonyBundle, ceremonyOpening } from './ceremony.ts';
import { type Added, convertBundle, convertOpening } from './convert.ts';
import { contextIdAt, INDEX, logProof, NONCE, ORIGIN, sealIn } from './log.ts';
import { ID_A, ID_B, MIXED_A, MIXED_B, OPEN_A, OPEN_B } from './models.ts';
import { type Toy, toyBundle, toyOpening } from './toy.ts';

export interface BaseV2 {
  /** Name of a file under bundles-v2/bases. `text` is its content. */
  readonly file: string;
  readonly text: string;
  /** Only for bundles whose input is a digest. */
  readonly opening?: { readonly file: string; readonly text: string };
  readonly modelId: string;
  /** The caller's part of its context. */
  readonly context: string;
  /** Paths that a verdict lists as not checked. */
  readonly unchecked: readonly string[];
  /** Fresh copies, which a case may change. */
  readonly copy: () => Json;
  readonly copyOpening: () => Json;
}

function made(
  name: string,
  bundle: Json,
  opening: Json | undefined,
  context: string,
  unchecked: readonly string[] = [],
): BaseV2 {
  const text = fileForm(bundle);
  const openingText = opening === undefined ? '' : fileForm(opening);
  return {
    file: `${name}.proof.json`,
    text,
    ...(opening !== undefined && { opening: { file: `${name}.opening.json`, text: openingText } }),
    modelId: bundle.model.ids.modelId,
    context,
    unchecked,
    copy: () => JSON.parse(text),
    copyOpening: () => JSON.parse(openingText),
  };
}

/** With these, `label` is the example of SPEC.md, section 20, except for its salt. */
export const LABEL_ADDED: Omit<Added, 'salt'> = {
  outputName: 'label',
  quality: { kind: 'not-judged', rows: 45 },
};

function converted(contract: keyof typeof CONTEXTS, letter: 'a' | 'b'): BaseV2 {
  const name = `${contract}-${letter}`;
  const salt = createHash('sha256').update(name).digest('hex');
  const added =
    contract === 'label' ? LABEL_ADDED : { outputName: contract, quality: { kind: 'not-judged', rows: 0 } };
  const bundle = convertBundle(JSON.parse(base(`${name}.proof.json`)), { ...added, salt });
  const opening =
    contract === 'logits'
      ? undefined
      : convertOpening(JSON.parse(base(`${name}.opening.json`)), bundle.model.ids.modelId);
  return made(name, bundle, opening, CONTEXTS[contract]);
}

function toy(of: Toy, unchecked?: readonly string[]): BaseV2 {
  const opening = of.interface.input.mode === 'digest' ? toyOpening(of) : undefined;
  return made(of.name, toyBundle(of), opening, of.caller, unchecked);
}

/**
 * A bundle as `prove --pack` wrote it, with its opening: the model of docs/builder/credit-model.md with both of its outputs.
 * Row a is its first applicant; row b has a missing text and one that the model does not know.
 */
function produced(name: string, context: string): BaseV2 {
  const [bundle, opening] = ['proof', 'opening'].map((part) =>
    JSON.parse(base(`${name}.${part}.json`, 'bundles-v2')),
  );
  return made(name, bundle, opening, context);
}

const MIXED_UNCHECKED = ['model.sidecars.transcript', 'sidecars.logProof'];
export const labelA = converted('label', 'a');
export const labelB = converted('label', 'b');
export const logitsA = converted('logits', 'a');
export const logitsB = converted('logits', 'b');
export const decisionA = converted('decision', 'a');
export const decisionB = converted('decision', 'b');
export const mixedA = toy(MIXED_A, MIXED_UNCHECKED);
export const mixedB = toy(MIXED_B, MIXED_UNCHECKED);
export const openA = toy(OPEN_A);
export const openB = toy(OPEN_B);
export const idA = toy(ID_A);
export const idB = toy(ID_B);
export const ceremonyA = made(CEREMONY_A.name, ceremonyBundle(), ceremonyOpening(), CEREMONY_A.caller);

/** Two answers that were sealed at one place, of two logs that do not know of each other. */
const sealed = (name: string, of: Toy): BaseV2 => {
  const toy = { ...of, name, contextId: contextIdAt(ORIGIN, INDEX, NONCE) };
  const bundle = toyBundle(toy);
  return made(name, sealIn(bundle, logProof(bundle)), toyOpening(toy), toy.caller);
};
export const sealedA = sealed('sealed-a', ID_A);
export const sealedB = sealed('sealed-b', ID_B);

export const creditA = produced('credit-a', 'application 1');
export const creditB = produced('credit-b', 'application 1');

export const BASES: readonly BaseV2[] = [
  labelA,
  labelB,
  logitsA,
  logitsB,
  decisionA,
  decisionB,
  mixedA,
  mixedB,
  openA,
  openB,
  idA,
  idB,
  creditA,
  creditB,
  ceremonyA,
  sealedA,
  sealedB,
];

/** An unchanged bundle of version 1. */
export function version1(name: string): BaseV2 {
  const bundle = JSON.parse(base(`${name}.proof.json`));
  const context = CONTEXTS[name.split('-')[0] as keyof typeof CONTEXTS];
  return { ...made(name, bundle, undefined, context), file: `../../bundles/bases/${name}.proof.json` };
}
