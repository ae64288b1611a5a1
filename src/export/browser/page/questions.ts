import type { RowValue } from '@quietproof/verify';
import { byId } from './dom.ts';
import { FieldError } from './field-error.ts';
import { parseModelId } from './model-id-text.ts';
import { parseRowText } from './row-text.ts';
import { FORM } from './words.ts';

/** What the reader wants to check about the bundle. A field that cannot be read asks nothing. */
export interface Questions {
  readonly model?: string;
  /** As it was typed. */
  readonly context?: string;
  readonly row?: readonly RowValue[];
  /** Steps, 0 to 0.5. */
  readonly tolerance?: number;
}

const FIELDS = ['model', 'row', 'tolerance', 'context'] as const;
type Field = (typeof FIELDS)[number];

/** Messages for the reader about fields with invalid values. */
export type FieldErrors = Partial<Record<Field, string>>;

/** Reads the form. Empty fields are left out. */
export function readQuestions(): { readonly asked: Questions; readonly errors: FieldErrors } {
  const errors: FieldErrors = {};
  const read = <T>(field: Field, parse: (text: string) => T): T | undefined => {
    try {
      return parse(byId<HTMLInputElement | HTMLTextAreaElement>(field).value);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      errors[field] = error.message;
      return undefined;
    }
  };
  const model = read('model', parseModelId);
  const row = read('row', (text) => parseRowText(text.trim())) ?? [];
  const tolerance = read('tolerance', parseTolerance);
  const context = byId<HTMLInputElement>('context').value;
  const asked = {
    ...(model !== undefined && { model }),
    ...(context !== '' && { context }),
    ...(row.length > 0 && { row }),
    ...(tolerance !== undefined && { tolerance }),
  };
  return { asked, errors };
}

function parseTolerance(typed: string): number | undefined {
  const text = typed.trim();
  if (text === '') return undefined;
  const tolerance = Number(text);
  if (!(tolerance >= 0 && tolerance <= 0.5)) throw new FieldError(FORM.tolerance.wrong);
  return tolerance;
}

/** Shows each message next to its field, also for screen readers, and leads to the first. @returns whether there is one */
export function showFieldErrors(errors: FieldErrors): boolean {
  for (const field of FIELDS) {
    byId(`${field}-error`).textContent = errors[field] ?? '';
    byId(field).setAttribute('aria-invalid', String(errors[field] !== undefined));
  }
  const first = FIELDS.find((field) => errors[field] !== undefined);
  if (first === undefined) return false;
  const folded = byId(first).closest('details');
  if (folded !== null) folded.open = true;
  byId(first).focus();
  return true;
}

/** Forgets what was asked about another bundle. The expected model stays. */
export function clearQuestions(): void {
  for (const field of ['row', 'tolerance', 'context']) byId<HTMLInputElement>(field).value = '';
}
