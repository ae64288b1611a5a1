import type { InputMode } from '@quietproof/verify';
import type { ArtifactManifest } from '../../artifact/artifact-manifest.ts';
import type { StatedOutput } from '../../integer/integer-graph.ts';
import type { Decision } from '../../quantize/decision.ts';

const OUTPUT_WORDS: { readonly [K in StatedOutput]: (decidedBy: Decision['kind']) => string } = {
  logits: () => 'the logits',
  label: (decidedBy) => `a label (${decidedBy})`,
};

const INPUT_WORDS: { readonly [M in InputMode]: string } = {
  digest: 'a salted digest of the input',
  public: 'all input values, in public',
};

/** What proofs of a compiled model state. */
export function describeStatement({ output, decision, head, input }: ArtifactManifest['statement']): string {
  const left = head === 'none' ? '' : `; the final ${head} is left out`;
  return `${OUTPUT_WORDS[output](decision.kind)}${left}; ${INPUT_WORDS[input]}`;
}

/** What proofs of a model would state about its output. */
export function describeDecision(decision: Decision): string {
  switch (decision.kind) {
    case 'logits':
      return 'the logits';
    case 'argmax':
      return 'the label: index of the largest score';
    case 'threshold':
      return `the label: score ≥ ${decision.threshold}`;
  }
}
