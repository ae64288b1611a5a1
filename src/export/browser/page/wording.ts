import type {
  Answer,
  AnyModelRecord,
  Check,
  CheckId,
  InputMode,
  OpenQuestion,
  Quality,
  SoundnessClaim,
  Verdict,
} from '@quietproof/verify';
import type { IconName } from './dom.ts';

export const CHECK_TITLES: Readonly<Record<CheckId, string>> = {
  format: 'File format',
  'model-record': 'Model record',
  interface: 'Interface',
  statement: 'Statement',
  binding: 'Binding of all parts',
  sidecars: 'What others say of it',
  model: 'Expected model',
  key: 'Verification key',
  setup: 'Key setup',
  signals: 'Ranges of the values',
  context: 'Context',
  input: 'Input',
  points: 'Points of the proof',
  proof: 'Proof equation',
  signature: 'Signature',
};

export const STATUS_WORDS: Readonly<Record<Check['status'], string>> = {
  pass: 'Passed',
  fail: 'Failed',
  missing: 'Not enough given',
  skipped: 'Not checked',
};

interface Headline {
  readonly title: string;
  readonly icon: IconName;
  /** Of the box around the headline, and of the whole page. */
  readonly state: string;
  readonly page: string;
  /** Before the title of the check that decided, and after its sentence. */
  readonly reason: string;
  readonly advice: string;
}

const HOLDS: Headline = {
  title: 'Valid',
  icon: 'pass',
  state: 'valid',
  page: 'valid',
  reason: '',
  advice: '',
};

/** The headline of each outcome. */
export const HEADLINES: Readonly<Record<Verdict['outcome'], Headline>> = {
  valid: HOLDS,
  unpinned: HOLDS,
  incomplete: {
    title: 'Not enough given',
    icon: 'missing',
    state: 'incomplete',
    page: 'incomplete',
    reason: 'Could not be checked',
    advice: 'Nothing is known to be wrong with it, and nothing to be right: add what is missing.',
  },
  invalid: {
    title: 'Not valid',
    icon: 'fail',
    state: 'invalid',
    page: 'not-valid',
    reason: 'Failed',
    advice: 'Do not rely on anything that came with it.',
  },
};

const OPEN_WORDS: Readonly<Record<OpenQuestion, string>> = {
  'interface-not-pinned': 'whether it is the model you expect',
  'context-not-checked': 'what it was made for',
  'input-not-opened': 'which input it is about',
};

/** Result of the producer's search for an input with more than one possible answer. */
export const SOUNDNESS_WORDS: Readonly<Record<SoundnessClaim['verdict'], string>> = {
  proved: 'It admits one answer to an input: proved',
  counterexample: 'It admits wrong answers: a counterexample was found',
  unknown: 'Searched for a second answer to an input, and neither found nor excluded one',
  skipped: 'Not searched for a second answer to an input',
};

/** What the headline must add to "Valid". Empty if everything was checked and the key comes from a ceremony. */
export function headlineNotes({ open, model, quality }: Verdict): string[] {
  const words = open.map((question) => OPEN_WORDS[question]);
  const last = words.pop();
  const list = words.length === 0 ? last : `${words.join(', ')}, and ${last}`;
  const loss = quality && QUALITY_NOTES[quality.kind];
  return [
    ...(model?.setup === 'development' ? ['Development setup.'] : []),
    ...(loss === undefined ? [] : [loss]),
    ...(last === undefined ? [] : [`Not checked: ${list}.`]),
  ];
}

/** What the headline says about the quality; nothing if the contract was kept. */
const QUALITY_NOTES: Readonly<Record<Quality['kind'], string | undefined>> = {
  judged: undefined,
  'loss-accepted': 'Loss accepted.',
  'not-judged': 'Quality not judged.',
};

/** The sentence under an answer: how the model decided it. @param scoresShown whether another answer is a score */
export function answerNote(answer: Answer, scoresShown: boolean): string {
  switch (answer.kind) {
    case 'label':
      return `The model’s highest score was for label ${answer.index}.${scoresShown ? '' : ' The scores themselves stay private.'}`;
    case 'decision':
      return `The score is ${answer.value ? 'at least' : 'below'} the threshold of ${answer.threshold}.${scoresShown ? '' : ' The score itself stays private.'}`;
    case 'category':
      return 'The category that the model computed, exact.';
    case 'logits': {
      const scores = answer.values.length === 1 ? 'score' : 'scores';
      return answer.head === 'none'
        ? `The model’s ${scores}, exact.`
        : `The model’s ${scores} before its final ${answer.head}, exact.`;
    }
  }
}

/** Describes the input of an answer, depending on whether the reader opened it. */
const INPUT_WORDS: { readonly [M in InputMode]: (opened: boolean) => string } = {
  digest: (opened) =>
    opened
      ? 'for the input you opened, rounded to the model’s steps, whose fingerprint is in the proof'
      : 'for one input, whose fingerprint is in the proof',
  public: () => 'for the input values written in the bundle',
};

export function shows(verdict: Verdict, record: AnyModelRecord, inContext: boolean): string[] {
  const input = INPUT_WORDS[record.interface.input.mode](verdict.features !== undefined);
  return [
    `The model with the id above computed this answer, ${input}. If its key was made honestly, no other weights could have.`,
    'Answer, proof, key and model description belong together: each is bound to the others.',
    ...(inContext
      ? [
          'The proof was made for one context (an order, a question, a day) and cannot be passed off as made for another.',
        ]
      : []),
  ];
}

export function showsNot(verdict: Verdict, inContext: boolean): string[] {
  const list = [
    'That the model is right, fair or fit for this use.',
    'That the input is true, or who it belongs to.',
    'When the answer was computed.',
    'That the key was made honestly: its contributors are only claimed by the producer.',
  ];
  if (verdict.features?.some(({ step }) => step !== undefined)) {
    list.push('Which of the inputs it was that round to the same steps: all of them give the same proof.');
  }
  if (!inContext) list.push('What it was made for: it names no context and can be reused elsewhere.');
  if (verdict.open.includes('interface-not-pinned')) {
    list.unshift('That this is the model you were promised. Compare its id with one from another source.');
  }
  return list;
}

/** A number with at most six significant digits. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

export function percent(fraction: string): string {
  return `${shortNumber(Number(fraction) * 100)} %`;
}
