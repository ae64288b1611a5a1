import type { AlarmKind } from './alarm-codes.ts';
import type { NoticeKind } from './alarm-types.ts';

/** What a user reads: what happened, and what it means. The details follow it. */
export const ALARM_WORDS: Readonly<Record<AlarmKind, string>> = {
  'other-model': 'An answer is of another model than those you rely on.',
  'unannounced-version':
    'Answers are of a model that the log had not announced before. Nobody could see the change coming.',
  'no-promise': 'An answer came without a promise. Nothing of it can be checked, now or later.',
  'wrong-promise': 'What came with an answer is no promise about it that the log would be held to.',
  'wrong-answer': 'The answer that came is not the one that was sealed, or it was sealed for another input.',
  'broken-promise':
    'The log had promised to hold an answer by a certain time, and does not. The answer can be denied.',
  'entry-dropped': 'The log holds something else in the place that it had promised to an answer.',
  'replayed-receipt': 'A receipt came again with another answer. Two answers cannot have one receipt.',
  'proof-late':
    'There is no proof of an answer by its deadline. An answer of another model under this id cannot be proved.',
  'proof-wrong': 'What was given as the proof of an answer does not prove it.',
  'proof-of-another-input': 'What was given as the proof of an answer is the proof of another one.',
  'draw-missing': 'An answer was drawn by the beacon, or should have been, and there is no proof of it.',
  'log-forked':
    'The log has shown two histories. What it tells you is not what it tells others, or told before.',
  'log-shrank': 'The log has fewer entries than before. What it held may be denied.',
  'clock-back': 'The times of the log do not fit: its clock was set back or forward, or this one is wrong.',
  'key-retired': 'A key that signed what you rely on is trusted no longer.',
  'trust-gone': 'Those whom you trust do not vouch for this any more.',
  unwitnessed:
    'Too few of your witnesses have seen the log as it is shown to you. Others may be shown another one.',
  unreachable: 'The endpoint cannot be asked for what it owes. Nothing can be checked meanwhile.',
  unreadable: 'Something that should be checked cannot be read, so nothing of it is known.',
};

export const NOTICE_WORDS: Readonly<Record<NoticeKind, string>> = {
  'announced-version':
    'The log announces another version of a model. If you come to rely on it, add its record to the watch.',
  'other-policy':
    'The log announces another policy for a model: fewer or later proofs may be due than before.',
  'log-at-first-sight':
    'The key of the log is the endpoint’s own word, given when it was seen first. A trust file could say better.',
  'not-reached': 'The endpoint could not be reached. It is asked again.',
  'compare-later':
    'A checkpoint of others is larger than the own one, and is compared when the log has grown.',
};
