import type { RowValue } from '@quietproof/verify';
import { byId } from './dom.ts';
import { parseRowText, RowTextError } from './row-text.ts';

/** What the reader wants to check about the bundle. */
export interface Questions {
  readonly model?: string;
  readonly context?: Uint8Array;
  readonly row?: readonly RowValue[];
  /** Steps, 0 to 0.5. */
  readonly tolerance?: number;
}

const FIELDS = ['model', 'context', 'row', 'tolerance'] as const;

/** A field with an invalid value: its id, and a message for the reader. */
export interface FieldError {
  readonly field: (typeof FIELDS)[number];
  readonly message: string;
}

/** Reads the form. Empty fields are left out. */
export function readQuestions(): Questions | FieldError {
  const model = byId<HTMLInputElement>('model').value.trim().toLowerCase();
  const context = byId<HTMLInputElement>('context').value;
  const tolerance = byId<HTMLInputElement>('tolerance').value.trim();
  if (model !== '' && !/^[0-9a-f]{64}$/.test(model)) {
    return { field: 'model', message: 'A model id has 64 digits from 0 to 9 and a to f.' };
  }
  const row = readRow();
  if ('field' in row) return row;
  if (tolerance !== '' && !(Number(tolerance) >= 0 && Number(tolerance) <= 0.5)) {
    return { field: 'tolerance', message: 'A tolerance is a number from 0 to 0.5, like 0.25.' };
  }
  return {
    ...(model !== '' && { model }),
    ...(context !== '' && { context: new TextEncoder().encode(context) }),
    ...(row.length > 0 && { row }),
    ...(tolerance !== '' && { tolerance: Number(tolerance) }),
  };
}

function readRow(): readonly RowValue[] | FieldError {
  try {
    return parseRowText(byId<HTMLTextAreaElement>('row').value.trim());
  } catch (error) {
    if (error instanceof RowTextError) return { field: 'row', message: error.message };
    throw error;
  }
}

/** Shows the message next to its field, also for screen readers. */
export function showFieldError(error: FieldError | undefined): void {
  for (const field of FIELDS) {
    const message = error?.field === field ? error.message : '';
    byId(`${field}-error`).textContent = message;
    byId(field).setAttribute('aria-invalid', String(message !== ''));
  }
  if (error !== undefined) byId(error.field).focus();
}

/** The kind of a dropped file, by its last member: every file of Quietproof ends with its version. */
export function kindOf(text: string): 'opening' | 'model' | 'bundle' {
  const version = /"version":\s*"quietproof\/(opening|model)\/v\d+"\s*\}\s*$/.exec(text.slice(-100))?.[1];
  return version === 'opening' || version === 'model' ? version : 'bundle';
}
