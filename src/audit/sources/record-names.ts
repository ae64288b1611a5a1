import { BUNDLE_SUFFIX, PACKED_SUFFIX } from '../../bundle/batch-names.ts';

const SUFFIXES = [BUNDLE_SUFFIX, PACKED_SUFFIX];

/** Whether a file is named like a record: with its model beside it, or with the model in it. */
export function isRecordName(name: string): boolean {
  return SUFFIXES.some((suffix) => name.endsWith(suffix));
}

/** The name of a record without what all records have: `000003` for `000003.proof.json`. */
export function recordStem(name: string): string {
  const suffix = SUFFIXES.find((one) => name.endsWith(one)) ?? '';
  return name.slice(0, name.length - suffix.length);
}
