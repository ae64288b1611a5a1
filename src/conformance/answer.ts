import type { Answer } from './case.ts';

/** What came of a case: an answer, or why there is none. */
export type Outcome = Answer | { readonly problem: string };

const VERDICTS: readonly unknown[] = [
  'valid',
  'invalid',
  'unpinned',
  'incomplete',
] satisfies Answer['verdict'][];
const TEXTS = ['check', 'code', 'recordId', 'statement', 'leaf', 'setup', 'seal'] as const;
const LISTS = ['unchecked', 'trusted'] as const;
/** Characters of a foreign answer that are quoted. */
const QUOTED = 120;

/** Reads what a verifier printed. It is anybody's program, so its members are checked, and others ignored. */
export function readAnswer(line: string): Outcome {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: `no JSON: ${quoted(line)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { problem: `no JSON object: ${quoted(line)}` };
  const answer = value as Record<string, unknown>;
  if (!VERDICTS.includes(answer.verdict)) return { problem: `no verdict: ${quoted(line)}` };
  const wrong = [
    ...TEXTS.filter((name) => answer[name] !== undefined && typeof answer[name] !== 'string'),
    ...LISTS.filter((name) => answer[name] !== undefined && !isTexts(answer[name])),
  ];
  if (wrong.length > 0) return { problem: `${wrong.join(', ')} of a wrong type: ${quoted(line)}` };
  return answer as unknown as Answer;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Part of what a foreign program wrote, without characters that a terminal obeys. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is replaced
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return plain.length > QUOTED ? `${plain.slice(0, QUOTED)}…` : plain || 'nothing';
}
