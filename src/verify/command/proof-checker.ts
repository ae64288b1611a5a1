import type { ProofChecker } from '../index.ts';

/** A module that exports `proofChecker`, by its URL: a thread cannot be given functions. */
interface CheckerModule {
  readonly proofChecker?: () => ProofChecker | undefined;
}

/**
 * The faster checker that the calling program offers. One that cannot be loaded is as good as none, because a checker can
 * only confirm.
 */
export async function loadChecker(url: string | undefined): Promise<ProofChecker | undefined> {
  if (url === undefined) return undefined;
  try {
    return ((await import(url)) as CheckerModule).proofChecker?.();
  } catch {
    return undefined;
  }
}
