/** Codes of alarms. A code never changes its meaning. */
export const ALARM_CODES = {
  'other-model': 'QP7780',
  'unannounced-version': 'QP7781',
  'no-promise': 'QP7782',
  'wrong-promise': 'QP7783',
  'wrong-answer': 'QP7784',
  'broken-promise': 'QP7785',
  'entry-dropped': 'QP7786',
  'replayed-receipt': 'QP7787',
  'proof-late': 'QP7788',
  'proof-wrong': 'QP7789',
  'proof-of-another-input': 'QP7790',
  'draw-missing': 'QP7791',
  'log-forked': 'QP7792',
  'log-shrank': 'QP7793',
  'clock-back': 'QP7794',
  'key-retired': 'QP7795',
  'trust-gone': 'QP7796',
  unwitnessed: 'QP7797',
  unreachable: 'QP7798',
  unreadable: 'QP7799',
} as const;

/** What a user has to know. Each is told once per subject: an answer, a model, a log. */
export type AlarmKind = keyof typeof ALARM_CODES;

/** What each alarm says: one sentence without a full stop. */
export const ALARM_TITLES: Readonly<Record<AlarmKind, string>> = {
  'other-model': 'An answer is of a model that the user does not rely on',
  'unannounced-version': 'Answers are of a model that the log had not announced before',
  'no-promise': 'An answer came without a promise',
  'wrong-promise': 'What came with an answer is no promise about it',
  'wrong-answer': 'The answer that came is not the one that was sealed',
  'broken-promise': 'The log does not hold an answer by the time it had promised',
  'entry-dropped': 'The log holds something else in the place that it had promised to an answer',
  'replayed-receipt': 'A receipt came again with another answer',
  'proof-late': 'There is no proof of an answer by its deadline',
  'proof-wrong': 'What was given as the proof of an answer does not prove it',
  'proof-of-another-input': 'What was given as the proof of an answer is the proof of another one',
  'draw-missing': 'There is no proof of an answer that was drawn',
  'log-forked': 'The log has shown two histories',
  'log-shrank': 'The log has fewer entries than before',
  'clock-back': 'The times of the log do not fit',
  'key-retired': 'A key that signed what the user relies on is trusted no longer',
  'trust-gone': 'Those whom the user trusts vouch no longer',
  unwitnessed: 'Too few witnesses have seen the log as it is shown',
  unreachable: 'The endpoint cannot be asked for what it owes',
  unreadable: 'Something that should be checked cannot be read',
};

export type AlarmCode = (typeof ALARM_CODES)[AlarmKind];
