import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP6580 to QP6599: the endpoint over HTTP. */
export const httpErrors = {
  QP6580: { title: 'A package that servers need is not installed', exit: EXIT.environment },
  QP6581: { title: 'This is no inference request', exit: EXIT.badInput },
  QP6582: { title: 'A tensor does not fit the model', exit: EXIT.badInput },
  QP6583: { title: 'There is no such model or version here', exit: EXIT.badInput },
  QP6584: { title: 'The request asks for something that is not offered here', exit: EXIT.badInput },
  QP6585: { title: 'The request is too large', exit: EXIT.badInput },
  QP6586: { title: 'The request has no token that is known here', exit: EXIT.badInput },
  QP6587: { title: 'No answer given here has this receipt id', exit: EXIT.badInput },
  QP6588: { title: 'The answer was given longer ago than answers are kept', exit: EXIT.badInput },
  QP6589: { title: 'There is nothing at this address', exit: EXIT.badInput },
  QP6590: { title: 'The address cannot be listened to', exit: EXIT.environment },
  QP6591: { title: 'The options of the server contradict each other', exit: EXIT.badInput },
  QP6592: { title: 'The file of tokens cannot be used', exit: EXIT.badInput },
  QP6593: { title: 'The file of webhook secrets cannot be used', exit: EXIT.badInput },
  QP6594: { title: 'The receiver of a webhook has not confirmed it', exit: EXIT.environment },
} as const satisfies Record<string, ErrorSpec>;
