import { type ErrorSpec, EXIT } from './error-spec.ts';

/**
 * Codes QP7770 to QP7799: what a watch refuses, and its alarms. They are defined in src/client, which imports nothing from
 * here. A test keeps the two lists equal.
 */
export const clientErrors = {
  QP7770: {
    title: 'The store is that of another watch, or of a version that this one does not know',
    exit: EXIT.badInput,
  },
  QP7771: { title: 'The options of the watch contradict themselves', exit: EXIT.badInput },
  QP7772: { title: 'The text is no checkpoint of the log that is watched', exit: EXIT.badInput },
  QP7780: { title: 'An answer is of a model that the user does not rely on', exit: EXIT.notValid },
  QP7781: { title: 'Answers are of a model that the log had not announced before', exit: EXIT.notValid },
  QP7782: { title: 'An answer came without a promise', exit: EXIT.notValid },
  QP7783: { title: 'What came with an answer is no promise about it', exit: EXIT.notValid },
  QP7784: { title: 'The answer that came is not the one that was sealed', exit: EXIT.notValid },
  QP7785: { title: 'The log does not hold an answer by the time it had promised', exit: EXIT.notValid },
  QP7786: {
    title: 'The log holds something else in the place that it had promised to an answer',
    exit: EXIT.notValid,
  },
  QP7787: { title: 'A receipt came again with another answer', exit: EXIT.notValid },
  QP7788: { title: 'There is no proof of an answer by its deadline', exit: EXIT.notValid },
  QP7789: { title: 'What was given as the proof of an answer does not prove it', exit: EXIT.notValid },
  QP7790: {
    title: 'What was given as the proof of an answer is the proof of another one',
    exit: EXIT.notValid,
  },
  QP7791: { title: 'There is no proof of an answer that was drawn', exit: EXIT.notValid },
  QP7792: { title: 'The log has shown two histories', exit: EXIT.notValid },
  QP7793: { title: 'The log has fewer entries than before', exit: EXIT.notValid },
  QP7794: { title: 'The times of the log do not fit', exit: EXIT.notValid },
  QP7795: { title: 'A key that signed what the user relies on is trusted no longer', exit: EXIT.notValid },
  QP7796: { title: 'Those whom the user trusts vouch no longer', exit: EXIT.notValid },
  QP7797: { title: 'Too few witnesses have seen the log as it is shown', exit: EXIT.notValid },
  QP7798: { title: 'The endpoint cannot be asked for what it owes', exit: EXIT.notValid },
  QP7799: { title: 'Something that should be checked cannot be read', exit: EXIT.notValid },
} as const satisfies Record<string, ErrorSpec>;
