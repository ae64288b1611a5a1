import type { Reader } from '../json/read-json.ts';
import { refuse } from '../json/read-json.ts';
import type { Time } from './trust-types.ts';

const FORM = /^[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z$/;

/** Whether a text is a day of the calendar and a second of it, in UTC. Such texts sort by time. */
export function isTime(text: string): boolean {
  if (!FORM.test(text)) return false;
  const at = new Date(text);
  // JavaScript moves 30 February to March, and 24:00 to the next day.
  return !Number.isNaN(at.getTime()) && timeOf(at) === text;
}

/** Fractions of a second are dropped. */
export function timeOf(date: Date): Time {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export const time: Reader<Time> = (json, at) =>
  typeof json === 'string' && isTime(json) ? json : refuse(at, 'must be a time like 2026-11-27T19:24:19Z');
