import { byId } from './dom.ts';

/** What the reader asks of the bundle. */
export interface Questions {
  readonly model?: string;
  readonly context?: Uint8Array;
  readonly row?: readonly number[];
}

/** A field that cannot be read: its id, and what to write instead. */
export interface FieldError {
  readonly field: 'model' | 'context' | 'row';
  readonly message: string;
}

/** Reads the form; an empty field asks nothing. */
export function readQuestions(): Questions | FieldError {
  const model = byId<HTMLInputElement>('model').value.trim().toLowerCase();
  const context = byId<HTMLInputElement>('context').value;
  const written = byId<HTMLTextAreaElement>('row').value.trim();
  if (model !== '' && !/^[0-9a-f]{64}$/.test(model)) {
    return { field: 'model', message: 'A model id has 64 digits from 0 to 9 and a to f.' };
  }
  const row =
    written === ''
      ? []
      : written
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

/** Says what is wrong beside the field, and to a screen reader. */
export function showFieldError(error: FieldError | undefined): void {
  for (const field of ['model', 'context', 'row'] as const) {
    const message = error?.field === field ? error.message : '';
    byId(`${field}-error`).textContent = message;
    byId(field).setAttribute('aria-invalid', String(message !== ''));
  }
  if (error !== undefined) byId(error.field).focus();
}

/** What a dropped file is, by its last member: every file of ours ends with its version. */
export function kindOf(text: string): 'opening' | 'model' | 'bundle' {
  const version = /"version": "quietproof\/(opening|model)\/v1"\s*\}\s*$/.exec(text.slice(-100))?.[1];
  return version === 'opening' || version === 'model' ? version : 'bundle';
}
