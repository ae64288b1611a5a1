import { QuietproofError } from '../../errors/quietproof-error.ts';
import type { SensitivityTable } from '../search/sensitivity.ts';
import type { Judgement } from './judge.ts';
import { brokenBy } from './judgement-words.ts';

/** What is known about a model that breaks its contract. */
export interface BrokenContract {
  readonly judgement: Judgement;
  /** The widths at which it breaks it, in words. */
  readonly bits: string;
  readonly sensitivity: SensitivityTable;
}

/** Thrown before circom runs, unless the loss is accepted. */
export class BrokenContractError extends QuietproofError {
  readonly report: BrokenContract;

  constructor(report: BrokenContract) {
    super('QP3103', {
      what: `The integer model breaks the contract: ${brokenBy(report.judgement)}`,
      fix: 'Allow more (--max-flips, --max-error), use other bits, or pass --accept-loss, which every verdict will name',
    });
    this.report = report;
  }
}
