import type { Case, CheckName, FileName, FileSource } from '../../../../src/conformance/case.ts';
import { fileForm, type Json } from '../canonical.ts';
import type { Content } from '../corpus.ts';
import { lineEdits } from '../line-edits.ts';
import type { BaseV2 } from './bases.ts';
import { leafOf, recordIdOf, statementDigest } from './seal.ts';
import { STATEMENTS_BASE, TRUST_BASE } from './trust/files.ts';

/** The question of a case, in addition to its bundle. */
export interface QuestionV2 {
  /** `false`: no pin; `'own'`: the model id in the bundle itself; default: that of the base. */
  readonly pin?: false | 'own' | string;
  /** The caller's bytes; `false`: not asked; default: those of the base. */
  readonly context?: string | Uint8Array | false;
  readonly companion?: Content;
  readonly opening?: Content;
  readonly input?: Content;
  /** A real, in steps. */
  readonly tolerance?: string;
  /** Text of a trust file, of a list of statements, and the time for which the question is. */
  readonly trust?: string;
  readonly statements?: string;
  readonly at?: string;
}

/** What statements lead to, where there is a trust file. */
interface Vouched {
  readonly setup?: 'claimed' | 'pass';
  /** Of a bundle with a log proof. */
  readonly seal?: 'claimed' | 'pass';
  readonly trusted?: readonly string[];
}

interface Holds extends Vouched {
  readonly verdict: 'valid' | 'unpinned';
  readonly sameRecordAs?: string;
  /** Paths that are listed as not checked; default: those of the base. */
  readonly unchecked?: readonly string[];
}

export type OutcomeV2 =
  | Holds
  | (Vouched & {
      readonly verdict: 'invalid' | 'incomplete';
      readonly check: CheckName;
      readonly code?: string;
    });

export const VALID = { verdict: 'valid' } as const;

/** The outcome of a failed check, written as `format QP7005`. */
export function fails(words: string): OutcomeV2 {
  const [check, code] = words.split(' ') as [CheckName, string | undefined];
  return { verdict: 'invalid', check, ...(code !== undefined && { code }) };
}

/** The outcome of a check that lacks something, written as `input QP7606`. */
export function lacks(words: string): OutcomeV2 {
  return { ...fails(words), verdict: 'incomplete' } as OutcomeV2;
}

export class CorpusV2 {
  readonly cases: Case[] = [];

  /** Adds a case: a bundle made from a base, and the expected outcome. */
  bundle(
    id: string,
    what: string,
    from: BaseV2,
    content: Content,
    outcome: OutcomeV2 = VALID,
    ask: QuestionV2 = {},
  ): void {
    if (this.cases.some((one) => one.id === id)) throw new Error(`two cases are called ${id}`);
    const files: Partial<Record<FileName, FileSource>> = { bundle: sourceOf(content, from) };
    if (ask.companion !== undefined) files.companion = sourceOf(ask.companion);
    if (ask.opening !== undefined) files.opening = sourceOf(ask.opening, from.opening);
    if (ask.input !== undefined)
      files.input = sourceOf(typeof ask.input === 'string' ? ask.input : JSON.stringify(ask.input));
    if (ask.trust !== undefined) files.trust = sourceOf(ask.trust, TRUST_BASE);
    if (ask.statements !== undefined) files.statements = sourceOf(ask.statements, STATEMENTS_BASE);
    const context = ask.context ?? from.context;
    const model = ask.pin === 'own' ? content.model.ids.modelId : (ask.pin ?? from.modelId);
    this.cases.push({
      id,
      what,
      command: 'verify-bundle',
      files,
      ...(model !== false && { model }),
      ...(context !== false && { context: Buffer.from(context).toString('hex') }),
      ...(ask.tolerance !== undefined && { tolerance: ask.tolerance }),
      ...(ask.at !== undefined && { at: ask.at }),
      ...('check' in outcome ? outcome : found(content, from, outcome)),
    });
  }
}

/** What a verifier reports for a valid bundle. */
function found(
  content: Content,
  from: BaseV2,
  outcome: Holds,
): Pick<Case, 'verdict' | 'recordId' | 'sameRecordAs' | 'statement' | 'leaf' | 'unchecked' | 'setup'> {
  const bundle = JSON.parse(textOf(content));
  const { unchecked = from.unchecked, ...rest } = outcome;
  const recordId = recordIdOf(bundle);
  if (bundle.version === 'quietproof/bundle/v1') return { ...rest, recordId };
  const statement = statementDigest(bundle);
  const ceremony = bundle.model?.setup.kind === 'ceremony';
  return {
    ...rest,
    recordId,
    statement,
    leaf: leafOf(statement),
    unchecked: [...unchecked].sort(),
    ...(ceremony && { setup: rest.setup ?? 'claimed' }),
  };
}

function textOf(content: Content): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content?.repeat)) return fileForm(content);
  const [before, unit, count, after] = content.repeat;
  return before + unit.repeat(count) + after;
}

/** Compact form of a text with a run of equal units that would be too long to store. */
export function repeated(text: string, unit: string, count: number): Json {
  const run = unit.repeat(count);
  const at = text.indexOf(run);
  if (at === -1) throw new Error(`no run of ${count} units`);
  return { repeat: [text.slice(0, at), unit, count, text.slice(at + run.length)] };
}

/** Stores a file as its difference from a base, if that is shorter. */
function sourceOf(content: Content, from?: { readonly file: string; readonly text: string }): FileSource {
  if (Array.isArray(content?.repeat)) return content as FileSource;
  const text = textOf(content);
  if (from === undefined) return { text };
  const lines = lineEdits(from.text, text);
  if (lines.length === 0) return { from: from.file };
  return JSON.stringify(lines).length < JSON.stringify(text).length ? { from: from.file, lines } : { text };
}
