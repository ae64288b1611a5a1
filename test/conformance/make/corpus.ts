import type { CheckId } from '@quietproof/verify';
import type { Case, Contract, FileName, FileSource } from '../../../src/conformance/case.ts';
import { base } from '../materialise.ts';
import { fileForm, type Json } from './canonical.ts';
import { lineEdits } from './line-edits.ts';
import { SNARKJS_ACCEPTS } from './snarkjs-leniencies.ts';

/** Content of a file in a case: JSON is written in file form, text and bytes unchanged. */
export type Content = Json | string | Uint8Array;

export const CONTEXTS: Readonly<Record<Contract, string>> = {
  label: 'order 7',
  logits: '',
  decision: 'claim 12',
};

const hexOf = (text: string) => Buffer.from(text).toString('hex');

export interface BaseBundle {
  readonly contract: Contract;
  readonly file: string;
  readonly opening: string;
  readonly modelId: string;
  /** A fresh copy to modify. */
  readonly copy: () => Json;
}

function baseBundle(contract: Contract, letter: 'a' | 'b'): BaseBundle {
  const file = `${contract}-${letter}.proof.json`;
  const copy = () => JSON.parse(base(file));
  return {
    contract,
    file,
    opening: `${contract}-${letter}.opening.json`,
    modelId: copy().model.ids.modelId,
    copy,
  };
}

export const labelA = baseBundle('label', 'a');
export const labelB = baseBundle('label', 'b');
export const logitsA = baseBundle('logits', 'a');
export const logitsB = baseBundle('logits', 'b');
export const decisionA = baseBundle('decision', 'a');
export const decisionB = baseBundle('decision', 'b');

/** The options of a case in addition to the bundle. */
export interface Question {
  /** Expected model id; `false`: none; `'own'`: the id in the bundle; default: the base's id. */
  readonly pin?: false | 'own' | string;
  /** Expected context as text; `false`: none; default: the base's context. */
  readonly context?: string | false;
  readonly companion?: Content;
  readonly opening?: Content;
  readonly input?: Content;
}

export type Outcome =
  | { readonly verdict: 'valid' | 'unpinned'; readonly sameRecordAs?: string }
  | { readonly check: CheckId };

const VALID = { verdict: 'valid' } as const;

export class Corpus {
  readonly cases: Case[] = [];

  /** Adds a case with a bundle derived from a base, and its expected verdict. */
  bundle(
    id: string,
    what: string,
    from: BaseBundle,
    content: Content,
    outcome: Outcome = VALID,
    ask: Question = {},
  ): void {
    const files: Partial<Record<FileName, FileSource>> = { bundle: sourceOf(content, from.file) };
    if (ask.companion !== undefined) files.companion = sourceOf(ask.companion, from.file);
    if (ask.opening !== undefined)
      files.opening = sourceOf(ask.opening, from.contract === 'logits' ? labelA.opening : from.opening);
    if (ask.input !== undefined) files.input = sourceOf(ask.input);
    const context = ask.context ?? CONTEXTS[from.contract];
    const model = ask.pin === 'own' ? content.model.ids.modelId : (ask.pin ?? from.modelId);
    this.#put({
      id,
      what,
      command: 'verify-bundle',
      files,
      ...(model !== false && { model }),
      ...(context !== false && { context: hexOf(context) }),
      ...endOf(outcome),
      ...onchain(content, from, outcome),
    });
  }

  /** Adds a case with a key, public signals and a proof, without a bundle. */
  proof(
    id: string,
    what: string,
    parts: { key: Content; public: Content; proof: Content },
    outcome: Outcome = VALID,
  ): void {
    const files = Object.fromEntries(
      Object.entries(parts).map(([name, content]) => [name, sourceOf(content)]),
    );
    this.#put({ id, what, command: 'verify-proof', files, ...endOf(outcome) });
  }

  #put(made: Case): void {
    if (this.cases.some(({ id }) => id === made.id)) throw new Error(`two cases are called ${made.id}`);
    const [group, name] = made.id.split('/') as [string, string];
    const lenient = SNARKJS_ACCEPTS[group]?.includes(name) === true;
    this.cases.push({ ...made, ...(lenient && { snarkjs: 'accepts' as const }) });
  }
}

function endOf(outcome: Outcome): Pick<Case, 'verdict' | 'check' | 'sameRecordAs'> {
  return 'check' in outcome ? { verdict: 'invalid', ...outcome } : outcome;
}

/** Stores a file as its difference from a base if that is shorter. */
function sourceOf(content: Content, from?: string): FileSource {
  if (content instanceof Uint8Array) return { base64: Buffer.from(content).toString('base64') };
  if (Array.isArray(content?.repeat)) return content as FileSource;
  const text = typeof content === 'string' ? content : fileForm(content);
  if (from === undefined) return { text };
  const lines = lineEdits(base(from), text);
  if (lines.length === 0) return { from };
  return JSON.stringify(lines).length < JSON.stringify(text).length ? { from, lines } : { text };
}

const WORD = /^(0|[1-9][0-9]*)$/;

/** A contract sees only signals and proof, as 256-bit words. Cases that do not fit this form do not apply. */
function onchain(content: Content, from: BaseBundle, outcome: Outcome): Pick<Case, 'onchain'> {
  const failed = 'check' in outcome ? outcome.check : undefined;
  if (failed !== undefined && !['signals', 'points', 'proof'].includes(failed)) return {};
  if (content?.model?.ids.keyId !== from.copy().model.ids.keyId) return {};
  const words = onchainWords(content);
  return words === undefined ? {} : { onchain: { contract: from.contract, valid: failed === undefined } };
}

/** The arguments of `verify`: the proof in the order of EIP-197, and the signals. Undefined if they do not fit. */
export function onchainWords(bundle: Json): { proof: string[]; signals: string[] } | undefined {
  const { pi_a: a, pi_b: b, pi_c: c } = bundle.proof;
  if (a.length !== 3 || b[2] === undefined || c.length !== 3) return undefined;
  const points = [
    { words: [a[0], a[1]], z: a[2] },
    { words: [b[0][1], b[0][0], b[1][1], b[1][0]], z: b[2].join() },
    { words: [c[0], c[1]], z: c[2] },
  ];
  // On chain infinity is all zeros, and there is no third coordinate.
  if (!points.every(({ z }) => ['1', '1,0', '0', '0,0'].includes(z))) return undefined;
  const proof = points.flatMap(({ words, z }) => (z.startsWith('0') ? words.map(() => '0') : words));
  const signals = bundle.publicSignals;
  const fits = (word: Json) => typeof word === 'string' && WORD.test(word) && BigInt(word) < 1n << 256n;
  return [...proof, ...signals].every(fits) ? { proof, signals } : undefined;
}
