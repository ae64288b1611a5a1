import type {
  Answer,
  Check,
  CheckId,
  InputMode,
  LogitsAnswer,
  Quality,
  SoundnessClaim,
  StatementKind,
} from '@quietproof/verify';
import type { Basis, FindingKind, Missing, OtherData, Unreadable } from './finding.ts';
import type { PageKind } from './page-kind.ts';
import type { Occasion } from './shown.ts';

/**
 * Everything the page says, so that it can be translated in one place. `{name}` stands for something filled in. Written
 * for the customer of a bank; only `details` uses the words of the field.
 */

/** The first sentence of a result. A page for one model says some of them differently. */
export const HEADLINES: Readonly<Record<Exclude<FindingKind, 'other-data'>, string>> = {
  confirmed: 'Confirmed: the model you named made this decision.',
  unconfirmed: 'Not confirmed yet: whose model made this decision?',
  trial: 'Only a trial: do not rely on this receipt.',
  'another-model': 'Another model made this decision, not the one you named.',
  retired: 'The provider no longer uses this model.',
  'self-made': 'Only a trial: do not rely on this receipt.',
  'other-occasion': 'This receipt was made for something else.',
  changed: 'This receipt has been changed or does not belong together: do not rely on it.',
  forgeable: 'Anyone could have made this receipt: do not rely on it.',
  unreadable: 'This is not a receipt, or it is damaged: do not rely on it.',
  newer: 'This page cannot read this kind of file.',
  incomplete: 'Not enough to check: a part is missing.',
};

/** For a reader who named no model, but those whom they trust. */
export const HEADLINE_RELEASED = 'Confirmed: a model that its provider has released made this decision.';

export const HEADLINES_FOR_PAGE_MODEL: Partial<typeof HEADLINES> = {
  confirmed: 'Confirmed: the model of this page made this decision.',
  'another-model': 'Another model made this decision, not the one of this page.',
};

/** The sentence below the first. */
export const LEADS: Readonly<
  Record<Exclude<FindingKind, 'other-data' | 'unreadable' | 'incomplete'>, string>
> = {
  confirmed: 'The receipt fits together, and nothing in it was changed after it was made.',
  unconfirmed:
    'The receipt fits together, but anyone can make such a receipt with a model of their own. Only the id of the model shows whose it is.',
  trial:
    'It fits together, but its model was set up for trying out, and whoever set it up can make up receipts like this one.',
  'another-model': 'The id of the model in this receipt is a different one.',
  retired:
    'A provider whom your trust file names has signed that another model replaces this one. It may have been in use when the decision was made.',
  'self-made':
    'You asked who vouches for its key, but the model was set up for trying out, and whoever set it up can make up receipts like this one.',
  'other-occasion': 'It fits together, but it was not made for “{context}”.',
  changed: 'Ask the sender for the original file, and check that one.',
  newer: 'It may come from a newer version of Quietproof. Nothing in it was checked.',
  forgeable: 'The key that should protect it is one that anyone can imitate.',
};

export const OTHER_DATA: Readonly<Record<OtherData, { readonly headline: string; readonly lead: string }>> = {
  differs: {
    headline: 'This receipt is not about the data you gave.',
    lead: 'It fits together, but at least one value that you gave is not the one the model was given.',
  },
  'too-far': {
    headline: 'Your data is farther from this receipt’s than you allow.',
    lead: 'It rounds to the data of this receipt, but you asked for it to be closer.',
  },
  'wrong-opening': {
    headline: 'The opening file does not belong to this receipt.',
    lead: 'It is the one of another receipt, or it has been changed.',
  },
  unfit: {
    headline: 'What you typed cannot be given to this model.',
    lead: 'Compare the number and the order of the values.',
  },
};

export const UNREADABLE_LEADS: Readonly<Record<Unreadable, string>> = {
  'not-a-receipt':
    'Choose the file as you received it. Its name usually ends in .receipt.html or .proof.json.',
  damaged: 'The proof inside this page cannot be read. Ask the sender for the file again.',
};

export const MISSING_LEADS: Readonly<Record<Missing, string>> = {
  bundle: 'The file could not be read. Choose it again.',
  'log-proof':
    'Nothing shows that this decision was recorded before it was proved: ask the provider for the file again.',
  'model-record':
    'This file is a proof without the description of its model. That is a second file, named model.json: choose both together.',
  opening:
    'The data of this decision is private. To compare yours with it, choose the opening file as well: the provider has it.',
  statement:
    'Those who are to vouch for this model have not all done so, among the declarations that were chosen. Choose theirs as well.',
  row: 'There is no data to measure a distance from: type the values below, or leave the distance empty.',
  receipt: 'This file belongs to a receipt, but not to one that is open here. Choose both files together.',
};

/** What a confirmed result leaves open. */
export const STILL_OPEN = {
  data: 'Not compared: whether it is about your data.',
  occasion: 'Not compared: what it was made for.',
  both: 'Not compared: whether it is about your data, and what it was made for.',
} as const;

/** What a statement is worth, as a mark beside it and explained above the questions. */
export const MARKS = {
  proved: { mark: 'Proved', meaning: 'shown by the check on this page' },
  'depends-on-model': {
    mark: 'If the model is right',
    meaning: 'shown by the check on this page, once the model’s id is confirmed',
  },
  trial: { mark: 'Trial only', meaning: 'can be made up by whoever set up the model' },
  claimed: { mark: 'Provider’s word', meaning: 'only said by the provider, and not checked' },
} as const;

export const QUESTIONS = {
  decision: 'What was decided?',
  data: 'About which data?',
  model: 'By whose model?',
  change: 'Can it have been changed?',
  now: 'What do I do now?',
} as const;

export const DECISION = {
  label: {
    lone: 'Label {index}',
    note: 'Of all possible answers, the model gave this one the highest score.',
  },
  decision: {
    yes: 'Yes',
    no: 'No',
    reached: 'The model’s score reached the limit of {threshold}.',
    below: 'The model’s score stayed below the limit of {threshold}.',
  },
  category: { note: 'The model computed this category.' },
  logits: {
    lone: 'Score {index}',
    columns: ['Score', 'Value'],
    final: 'What the model computed.',
    raw: 'What the model computed, before it turns it into percentages.',
  },
  private: 'Its scores are private and not in this receipt.',
} as const satisfies Record<Answer['kind'], object> & { private: string };

/** Which of the two sentences about scores holds. */
export const SCORES_ARE: Readonly<Record<LogitsAnswer['head'], 'final' | 'raw'>> = {
  none: 'final',
  sigmoid: 'raw',
  softmax: 'raw',
};

/** What is said of data that nobody compared. */
export const DATA_SHOWN: Readonly<Record<InputMode, string>> = {
  public: 'About these values, which are written in the receipt. Are they yours?',
  digest: 'About the data in the opening file:',
};

export const DATA = {
  sealed:
    'About one set of data, which is private: the receipt holds only a seal of it. To see whether it was yours, ask the provider for the opening file of this receipt and open it below.',
  rounded: 'The model rounds its data: each value stands for the whole range shown with it.',
  compared: {
    reader: {
      rounded:
        'About the data you gave. The model rounds its data: each of your values lies in the range of the one in the receipt',
      whole: 'About the data you gave. The model takes whole numbers and categories as they are',
    },
    opening: {
      rounded:
        'About the data in the opening file. The model rounds its data: each value there lies in the range of the one in the receipt',
      whole: 'About the data in the opening file. The model takes whole numbers and categories as they are',
    },
  },
  onSteps: '; here all of them agree.',
  farthest: '; the farthest is {name}, off by {distance}.',
  columns: { name: 'Value', proved: 'In the receipt', reader: 'You gave', opening: 'In the opening file' },
  all: 'Show all {count} values',
  place: 'Value {index}',
  range: '± {half}',
  off: '{distance} off',
  same: 'agrees',
  precise: 'The model takes these numbers as they stand here, to about seven digits.',
  whole: 'The model takes whole numbers and categories as they are.',
  missing: 'missing',
  unknown: 'a category the model does not know',
  occasion: {
    asked: 'It was made for “{context}”, as you asked.',
    'not-asked': 'It was made for one occasion, such as one application number. You have not said for which.',
    none: 'It names no occasion: the same receipt could be shown for another application.',
  } satisfies Record<Occasion, string>,
  compare: 'Compare with your own data',
  again: 'Add what is missing, or correct what you gave, and compare again.',
} as const;

export const MODEL = {
  basis: {
    'named-by-reader': 'By the model you named, called {name}. Its id is the one you pasted.',
    released:
      'By the model called {name}. A provider whom your trust file names has signed that it is theirs.',
    'model-of-page': 'By the model that this page was made for, called {name}.',
  } satisfies Record<Basis, string>,
  pageWorth:
    'That is worth as much as the place you got this page from: it should be the provider’s own page or the regulator, not the sender of the receipt.',
  unknown:
    'By a model that calls itself {name}. Names can be copied: only the id tells which model it was, and it has not been compared.',
  different: 'Not by the model you expected. A provider has a new id for every version of its model.',
  provider: 'The provider calls itself {producer}.',
  accuracy: 'In the provider’s own test, the model was right in {share} of {rows} cases.',
  quality: {
    judged: 'The provider tested that this model decides like its original one, and says that it does.',
    'loss-accepted':
      'The provider says that this model differs from its original one more than it wanted, and accepted that.',
    'not-judged': 'Nobody has judged whether this model decides like the provider’s original one.',
  } satisfies Record<Quality['kind'], string>,
  again: 'Compare with another id',
} as const;

export const CHANGE = {
  confirmed: 'No. The check would have failed if anybody had changed the decision, the data or the model.',
  unconfirmed:
    'Not after it was made. But somebody could have made all of it with a model of their own: that is why the id matters.',
  trial:
    'Not by others, but whoever set up the model can make up receipts. It is meant for trying out, not for decisions.',
  changed: 'Yes, or its parts come from different receipts: they contradict each other.',
  forgeable: 'Yes. It is protected by a key that protects nothing.',
  ceremony: {
    one: 'It depends on a key: whoever set that up alone could make up receipts. The receipt names {names}.',
    other:
      'It depends on a key: those who set that up could make up receipts, but only all of them together. The receipt names {count}: {names}.',
  },
  chain: {
    one: 'The key shows that one secret went into it, known to whoever put it in. It does not show whose it was, that it was forgotten, or that the rest of the key is right.',
    other:
      'The key shows that {count} secrets went into it, each known to whoever put it in. It does not show whose they were, that any was forgotten, or that the rest of the key is right.',
  },
  vouched:
    'Those whom your trust file names have signed that they took part in setting up the key ({contributors}), and that all of it belongs to this model ({auditors}).',
  counterexample: 'The provider’s own search found that a wrong decision could be proved with this model.',
  limits: 'No receipt can tell you',
  limitList: [
    'whether the decision is right or fair',
    'whether the data is true',
    'when the decision was made',
  ],
} as const;

/** What came with a receipt from those who vouch for its model, by the names that its sender gives them. */
export const TOLD = {
  title: 'Signed declarations came with this receipt:',
  signed: {
    contribution: '{names}: took part in setting up the key.',
    rederivation: '{names}: checked that all of the key belongs to this model.',
    release: '{names}: publishes this model.',
  } satisfies Record<StatementKind, string>,
  worth:
    'The signatures were checked on this page. That the names belong to them is the word of whoever sent it: compare the keys, in the details below, with those that these parties have published, or open a trust file of your own.',
  missing: 'No declaration came for this, which is only the provider’s word: {what}.',
  missingWhat: {
    contribution: 'who took part in setting up the key',
    rederivation: 'that all of the key belongs to this model',
    release: 'that the provider publishes this model',
  } satisfies Record<StatementKind, string>,
  /** Where some have signed, and the sender's trust file asks for more. */
  missingMore: {
    contribution: 'that others took part in setting up the key as well',
    rederivation: 'that others checked the key as well',
    release: 'that others publish this model as well',
  } satisfies Record<StatementKind, string>,
  none: 'No signed declarations came with this receipt: who set up the key, and that all of it belongs to this model, is only the provider’s word.',
  unread:
    'Signed declarations came with this receipt. Whose they are shows only with a trust file of your own: until then, who set up the key is only the provider’s word.',
} as const;

/** What to do. */
export const ADVICE = {
  keep: 'Keep this file itself. A picture or a printout proves nothing; the file does not expire and needs no internet.',
  disagree:
    'If you disagree with the decision, hand the file to the provider’s complaints office or to the regulator: it shows which model decided.',
  pin: 'Get the model’s id from the provider’s published page or from the regulator, and paste it at the top.',
  compare: 'To see whether it is about your data, compare it above.',
  trial: 'Ask the provider for a receipt of the model that it really uses. Treat this one as a sample.',
  copied: 'Make sure that you copied the right id, whole.',
  ownPage: 'Make sure that this is the page for the model that you were told about.',
  retired: 'Ask the provider when it was in use, and whether that was when your decision was made.',
  askWhich: 'If so, do not rely on this receipt. Ask the provider which model decided.',
  askOccasion: 'Make sure that you wrote it exactly as agreed, with the same spaces and capital letters.',
  askData:
    'Make sure that you gave the values as you gave them to the provider, in the same order and units.',
  askPurpose: 'If so, do not rely on this receipt. Ask the provider for the one of your application.',
  ignore: 'Do not act on anything that it says.',
  original:
    'Ask the sender for the original file: files can break when they are forwarded, converted or edited.',
  report:
    'If the new file shows the same, tell the provider, through an address that you know and not one from this file.',
  unsafe:
    'Tell the provider that its model has an unsafe key, through an address that you know and not one from this file.',
  choose: 'Choose another file below.',
  newer: 'Open it with a newer checker, from the provider’s page or the regulator.',
  missing: 'Choose the missing file together with this one. If you do not have it, ask the sender for it.',
  own: 'Before you rely on it, check it independently of whoever sent it: the note at the top says how.',
} as const;

/** The static parts. */
export const PAGE = {
  brand: 'Quietproof',
  kind: { receipt: 'Receipt of a decision', model: 'Check a receipt' } satisfies Record<PageKind, string>,
  skip: 'Go to the result',
  unchecked: 'Nothing has been checked yet.',
  uncheckedLead: 'This file checks itself when a browser opens it. If these words stay, it was not checked.',
  noScript:
    'JavaScript is switched off here, so nothing was checked. Switch it on, open the file in another browser, or run {command}.',
  checking: 'Checking…',
  checkingLead: 'On this device. Nothing is sent anywhere.',
  waiting: 'Check a receipt of this model.',
  waitingLead: 'Open a receipt or a proof below. It is checked on this device and not sent anywhere.',
  waitingModel:
    'This page accepts only the model {name}. Before you rely on it, compare the id of that model with the one that the provider or the regulator has published.',
  waitingId: 'Show its id',
  sender: 'Whoever sent you this page also wrote it, including the part that checks.',
  senderLead:
    'A forged page could show anything. So check the file independently as well: drop it on a verify.html from the provider’s page or the regulator, or run {command}.',
  senderPaper:
    'This printout does not claim where or when the receipt was checked, and paper checks nothing: open the file.',
  ids: 'Ids, for reference',
  file: 'File: {file}',
  footer: 'Loads nothing and sends nothing. Works without internet.',
} as const;

export const FORM = {
  pin: {
    label: 'Paste the model’s id here',
    help: 'Take it from the provider’s published page or from the regulator, not from whoever sent you this file.',
    button: 'Compare',
    short: 'The id is too short: {count} of 64 characters. Copy all of it.',
    long: 'The id is too long: {count} characters instead of 64.',
    stray: 'An id has only the digits 0 to 9 and the letters a to f; here is “{character}” at place {place}.',
  },
  row: {
    label: 'Your data',
    help: 'The values in order: a line of a CSV file, with nothing between its commas for a missing value, or separated by spaces, with texts that have spaces or look like numbers in double quotes.',
    list: 'A list in brackets has commas between its values, and texts in double quotes.',
    quote: 'A text has no closing double quote.',
    text: '{text} is not a text as JSON writes it.',
  },
  opening: {
    label: 'Opening file',
    help: 'Its name ends in .opening.json. The provider has it.',
    chosen: 'Opened: {file}',
  },
  context: {
    label: 'What it was made for',
    help: 'For example an order number or a question, exactly as agreed.',
  },
  tolerance: {
    label: 'How close your data must be',
    help: 'From 0, the very value in the receipt, to 0.5, anywhere in its range. Empty means 0.5.',
    wrong: 'A number from 0 to 0.5, like 0.25.',
  },
  compare: 'Compare',
  trust: {
    asks: '{file} says whom you trust; {count} of {all} signed declarations count.',
    waits: 'Signed declarations say nothing by themselves: choose your trust file as well.',
    refused: '{file} cannot be used as a trust file: {why}',
  },
  file: {
    another: 'Check another file',
    first: 'Choose a file',
    drop: 'or drop one here',
    help: 'A receipt (.receipt.html), a proof (.proof.json), or the opening file of a receipt (.opening.json); also a trust file, and the declarations that those whom it names have signed',
  },
  save: 'Save the proof',
} as const;

/** Folded away; in the words of the field. */
export const DETAILS = {
  title: 'Details for experts',
  facts: 'Model and record',
  checks: 'Every check',
  statements: 'Who signed what about the model and its key',
  parties: 'Keys that the sender of this page names',
  partiesNote: 'Digests of the public keys. Compare them with the ones that these parties have published.',
  counts: 'counts',
  countsNot: 'does not count: {why}',
  signed: '{kind} by {party}, {date}',
  unsigned: 'a statement',
  unchecked: 'Carried along, and not checked',
  uncheckedNote: 'This verifier does not know what these mean. Nothing on this page depends on them.',
  ofType: ' of type {type}',
  about: ', about the {what}',
  proof: 'The proof is a Groth16 proof over BN254; any Groth16 verifier can check its parts.',
  fact: {
    name: 'Name',
    model: 'Model id',
    circuit: 'Circuit id',
    key: 'Key id',
    madeFrom: 'Made from',
    madeReady: 'Made ready',
    accuracy: 'Accuracy',
    quality: 'Quality',
    soundness: 'Circuit',
    setup: 'Key setup',
    format: 'Format',
    record: 'Record',
    statement: 'Statement',
    leaf: 'Entry in a log',
    context: 'Its own part of the context',
    row: 'Row',
  },
  by: '{file}, by {producer}',
  version: 'Version {version}',
  setup: { development: 'Development: for trying out', ceremony: 'Ceremony' },
  accuracy: {
    right: '{share} right',
    original: 'the original model {share}',
    flips: '{count} of {rows} answers differ from the original model’s',
  },
  quality: {
    judged: 'Within what was allowed, on {rows}: ',
    'loss-accepted': 'Loss accepted: more than was allowed, on {rows}: ',
    'not-judged': 'Not judged, {rows}',
    limits: '; allowed would be {flips} other labels, an error of {error} of the scores’ span',
    flips:
      '{count} of {rows} labels differ from the original model’s, with 95 % certainty at most {upper} (allowed {allowed})',
    error: 'the largest error is {error} of the scores’ span (allowed {allowed})',
  },
  rows: { one: '1 row', other: '{count} rows' },
} as const;

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
  seal: 'Record in a log',
  input: 'Input',
  points: 'Points of the proof',
  proof: 'Proof equation',
  signature: 'Signature',
};

export const STATUS_WORDS: Readonly<Record<Check['status'], string>> = {
  pass: 'Passed',
  claimed: 'Provider’s word',
  fail: 'Failed',
  missing: 'Not enough given',
  skipped: 'Not checked',
};

/** Result of the producer's search for an input with more than one possible answer. */
export const SOUNDNESS_WORDS: Readonly<Record<SoundnessClaim['verdict'], string>> = {
  proved: 'It admits one answer to an input: proved',
  counterexample: 'It admits wrong answers: a counterexample was found',
  unknown: 'Searched for a second answer to an input, and neither found nor excluded one',
  skipped: 'Not searched for a second answer to an input',
};
