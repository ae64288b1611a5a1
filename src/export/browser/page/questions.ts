import { byId } from './dom.ts';

/** What the reader wants to check about the bundle. */
export interface Questions {
  readonly model?: string;
  readonly context?: Uint8Array;
  readonly row?: readonly number[];
}

/** A field with an invalid value: its id, and a message for the reader. */
export interface FieldError {
  readonly field: 'model' | 'context' | 'row';
  readonly message: string;
}

/** Reads the form. Empty fields are left out. */
export function readQuestions(): Questions | FieldError {
  const model = byId<HTMLInputElement>('model').value.trim().toLowerCase();
  const context = byId<HTMLInputElement>('context').value;
  const rowText = byId<HTMLTextAreaElement>('row').value.trim();
  if (model !== '' && !/^[0-9a-f]{64}$/.test(model)) {
    return { field: 'model', message: 'A model id has 64 digits from 0 to 9 and a to f.' };
  }
  const row =
    rowText === ''
      ? []
      : rowText
          .replace(/^\[|\]$/g, '')
          .split(/[\s,;]+/)
          .filter((part) => part !== '');
  const bad = row.find((part) => !Number.isFinite(Number(part)));
  if (bad !== undefined) return { field: 'row', message: `“${bad.slice(0, 40)}” is not a number.` };
  return {
    ...(model !== '' && { model }),
    ...(context !== '' && { context: new TextEncoder().encode(context) }),
    ...(row.length > 0 && { row: row.map(Number) }),
  };
}

/** Shows the message next to its field, also for screen readers. */
export function showFieldError(error: FieldError | undefined): void {
  for (const field of ['model', 'context', 'row'] as const) {
    const message = error?.field === field ? error.message : '';
    byId(`${field}-error`).textContent = message;
    byId(field).setAttribute('aria-invalid', String(message !== ''));
  }
  if (error !== undefined) byId(error.field).focus();
}

/** The kind of a dropped file, by its last member: every file of Quietproof ends with its version. */
export function kindOf(text: string): 'opening' | 'model' | 'bundle' {
  const version = /"version": "quietproof\/(opening|model)\/v1"\s*\}\s*$/.exec(text.slice(-100))?.[1];
  return version === 'opening' || version === 'model' ? version : 'bundle';
}
