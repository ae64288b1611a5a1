import type { AuditRequest } from '../audit-request.ts';
import type { AuditTrust } from '../checks/audit-trust.ts';
import type { Expected } from '../expected/read-expected.ts';
import type { AuditSource } from '../sources/audit-source.ts';
import type { AuditedSource, OpeningSample, Scope } from './findings-types.ts';
import type { Gathering } from './gather.ts';

interface ScopeParts {
  readonly sources: readonly AuditSource[];
  readonly gathering: Gathering;
  readonly trust: AuditTrust | undefined;
  readonly expected: Expected | undefined;
  readonly sample: OpeningSample | undefined;
}

/** What was examined, and by what. */
export function scopeOf(
  { period, at, openings }: AuditRequest,
  { sources, gathering, trust, expected, sample }: ScopeParts,
): Scope {
  const audited = sources.map(
    ({ name, kind, sha256 }, index): AuditedSource => ({
      name,
      kind,
      ...(sha256 !== undefined && { sha256 }),
      records: gathering.places.recordsIn(index),
    }),
  );
  return {
    ...(period !== undefined && { period }),
    ...(at !== undefined && { at }),
    sources: audited,
    ...(trust !== undefined && { trust: { sha256: trust.sha256 } }),
    ...(expected !== undefined && { expected: expected.sources }),
    openings: openings?.which ?? 'none',
    ...(sample !== undefined && { sample }),
  };
}
