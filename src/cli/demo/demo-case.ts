import type { InputMode } from '@quietproof/verify';
import type { FileVerdict } from '@quietproof/verify/command/verify-files';
import type { DataSet } from '../../data/data-set.ts';
import type { Style } from '../render/style.ts';
import { renderApplicants } from './applicants.ts';
import { renderGallery } from './gallery.ts';

/** A model that the demo shows. */
export interface DemoCase {
  /** Of its folder in models/, and of its artifact. */
  readonly name: string;
  /** Files in that folder. */
  readonly data: string;
  readonly card?: string;
  /** What it does, in a sentence or two. */
  readonly about: string;
  /** Rows to prove. */
  readonly rows: number;
  readonly input: InputMode;
  /** Draws or describes what was asked, and the proved answers. */
  readonly render: (data: DataSet, verdicts: readonly FileVerdict[], style: Style) => string[];
  /** Whether to write a receipt of the first answer. */
  readonly receipt: boolean;
}

export const DEMO_CASES = {
  digits: {
    name: 'digits-mlp',
    data: 'test.json',
    about: 'The model reads handwritten digits: 64 pixels in, one digit out. It was trained in PyTorch.',
    rows: 8,
    input: 'digest',
    render: renderGallery,
    receipt: false,
  },
  credit: {
    name: 'german-credit-gbm',
    data: 'applicants.csv',
    card: 'card.json',
    about:
      'The model decides on credit: nine facts about an applicant in, "good" or "bad" out. It is a LightGBM ensemble, exported as its tool does by default.',
    rows: 3,
    // The applicant may see what was asked, so the receipt shows it.
    input: 'public',
    render: renderApplicants,
    receipt: true,
  },
} as const satisfies Record<string, DemoCase>;
