const COUNT = Number(process.env.AUDIT_SEEDS ?? '500');
const FIRST = Number(process.env.AUDIT_FIRST_SEED ?? '1');

/** A part of the seeds, for a process of its own. */
export function seedsOf(part: 0 | 1): readonly number[] {
  return Array.from({ length: COUNT }, (_, at) => FIRST + at).filter((seed) => seed % 2 === part);
}
