import type { NamedAnswer, Outcome, RefusalCode, Verdict } from '../index.ts';
import type { FileVerdict } from './verify-files.ts';

/** What a line says of a verdict, unless all of it is asked for: the fields of `Verdict` that differ between proofs. */
export interface BriefVerdict {
  readonly outcome: Outcome;
  readonly accepted: boolean;
  readonly code?: RefusalCode;
  /** Only of a proof that does not hold: why, at most 240 bytes of it. */
  readonly headline?: string;
  readonly modelId?: string;
  readonly setup?: 'development' | 'ceremony';
  /** A claim. */
  readonly row?: number;
  readonly identity?: string;
  readonly open?: Verdict['open'];
  readonly answers?: readonly NamedAnswer[];
  /** The answers are too long for a line: they are among the details. */
  readonly omitted?: readonly ['answers'];
}

/** Bytes. With these, a line takes at most 600 where the file's name takes at most 100. */
const MAX_HEADLINE = 240;
const MAX_ANSWERS = 140;

/** A verdict in a line of at most 600 bytes, plus what the file's name is longer than 100. */
export function briefly({ file, verdict }: FileVerdict): {
  readonly file: string;
  readonly verdict: BriefVerdict;
} {
  const { outcome, accepted, valid, code, model, row } = verdict;
  return {
    file,
    verdict: {
      outcome,
      accepted,
      ...(code !== undefined && { code }),
      ...(!valid && { headline: shortened(verdict.headline) }),
      ...(model !== undefined && { modelId: model.modelId, setup: model.setup }),
      ...(row !== undefined && { row }),
      ...(valid && shown(verdict)),
    },
  };
}

function shown({ identity, open, answers }: Verdict): Partial<BriefVerdict> {
  const fit = answers === undefined || bytesOf(answers) <= MAX_ANSWERS;
  return {
    ...(identity !== undefined && { identity }),
    open,
    ...(answers !== undefined && (fit ? { answers } : { omitted: ['answers'] as const })),
  };
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

/** By whole characters, so that the JSON of the result takes at most MAX_HEADLINE bytes. */
function shortened(text: string): string {
  if (bytesOf(text) <= MAX_HEADLINE) return text;
  let result = '';
  for (const character of text) {
    if (bytesOf(`${result}${character}…`) > MAX_HEADLINE) break;
    result += character;
  }
  return `${result}…`;
}
