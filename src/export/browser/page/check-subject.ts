import {
  type AnyBundle,
  type AnyModelRecord,
  contextOf,
  contextSignal,
  EMPTY_CONTEXT,
  fileJson,
  parseAnyBundle,
  parseAnyModelRecord,
  Refusal,
  type Verdict,
  type VerifyOptions,
  type Vouching,
  verifyBundle,
  vouchedFor,
} from '@quietproof/verify';
import { saysBundle } from './file-kind.ts';
import { type Basis, type Circumstances, findingOf } from './finding.ts';
import { withMissingValues } from './missing-values.ts';
import type { Questions } from './questions.ts';
import type { Occasion, Shown, ToldOf } from './shown.ts';
import type { Subject } from './subject.ts';
import type { Told } from './told.ts';

/** What a page knows before it opens a bundle. */
export interface PageKnowledge {
  /** A model record for thin bundles. */
  readonly companion: Uint8Array | undefined;
  /** Id of the only model whose proofs the page accepts. */
  readonly pageModel: string | undefined;
  /** What the page's sender tells of its own bundle. */
  readonly told: Told | undefined;
  /** Whom the reader trusts, with the statements that they have. */
  readonly trust: Vouching | undefined;
}

/** Checks a bundle. @returns what the page shows of it, and the bundle's own model record if that is valid */
export function checkSubject(
  subject: Subject,
  asked: Questions,
  { companion, pageModel, told, trust }: PageKnowledge,
): { readonly shown: Shown; readonly record: Uint8Array | undefined } {
  const model = pageModel ?? asked.model;
  const bundle = readable(subject.bundle, parseAnyBundle);
  const record = bundle?.model ?? (companion && readable(companion, parseAnyModelRecord));
  const row = asked.row && withMissingValues(asked.row, record);
  const verdict = verifyBundle(subject.bundle, {
    ...optionsOf(subject, { ...asked, ...(model && { model }), ...(row && { row }) }, companion),
    ...(trust !== undefined && { trust }),
  });
  const basis = basisOf(pageModel, asked.model, trust);
  const finding = findingOf(verdict, { basis, thin: bundle?.model === undefined, ours: ours(subject) });
  const own = verdict.valid ? bundle?.model : undefined;
  const shown: Shown = {
    page: pageModel === undefined ? 'receipt' : 'model',
    finding,
    verdict,
    record: verdict.valid ? (own ?? (companion && parseAnyModelRecord(companion))) : undefined,
    file: subject.file,
    occasion: bundle === undefined ? 'none' : occasionOf(bundle, verdict.contextId, asked.context),
    context: asked.context,
    told: subject.file === undefined && trust === undefined ? toldOf(told, verdict, own) : undefined,
    rowSource: asked.row === undefined ? 'opening' : 'reader',
  };
  return { shown, record: own && encoded(own) };
}

/** The chain of the key's transcript has to hold for statements about its steps to say anything. */
function toldOf(
  told: Told | undefined,
  { chain }: Verdict,
  model: AnyModelRecord | undefined,
): ToldOf | undefined {
  if (told === undefined || chain === undefined || model === undefined) return undefined;
  return { finding: vouchedFor(model, told.vouching), parties: told.parties };
}

function basisOf(
  pageModel: string | undefined,
  asked: string | undefined,
  trust: Vouching | undefined,
): Basis | undefined {
  if (pageModel !== undefined) return 'model-of-page';
  if (asked !== undefined) return 'named-by-reader';
  return trust?.asks('release') ? 'released' : undefined;
}

function optionsOf({ opening }: Subject, asked: Questions, companion: Uint8Array | undefined): VerifyOptions {
  const { row, context, model, tolerance } = asked;
  return {
    ...(model !== undefined && { model }),
    ...(tolerance !== undefined && { tolerance }),
    ...(context !== undefined && { context: new TextEncoder().encode(context) }),
    ...(companion !== undefined && { companion }),
    ...((row !== undefined || opening !== undefined) && {
      input: { ...(row !== undefined && { row }), ...(opening !== undefined && { opening }) },
    }),
  };
}

function readable<T>(bytes: Uint8Array, parse: (bytes: Uint8Array) => T): T | undefined {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function ours({ bundle, file }: Subject): Circumstances['ours'] {
  if (saysBundle(new TextDecoder().decode(bundle.slice(-100)))) return 'file';
  return file === undefined ? 'page' : undefined;
}

function encoded(record: AnyModelRecord): Uint8Array {
  return new TextEncoder().encode(fileJson(record));
}

/** A context without a caller's part, with the record's part or without one, is none that somebody asked for. */
function occasionOf(
  { publicSignals }: AnyBundle,
  contextId: string | undefined,
  asked: string | undefined,
): Occasion {
  if (asked !== undefined) return 'asked';
  const signal = contextOf(publicSignals);
  if (signal === EMPTY_CONTEXT.toString()) return 'none';
  if (contextId === undefined) return 'not-asked';
  const own = Uint8Array.from(contextId.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return signal === contextSignal(new Uint8Array(), own).toString() ? 'none' : 'not-asked';
}
