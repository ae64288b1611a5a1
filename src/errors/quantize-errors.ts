import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP3xxx: calibration, quantization and proved bounds. */
export const quantizeErrors = {
  QP3001: { title: 'A value exceeds the range of exact integers (2^52)', exit: EXIT.badInput },
  QP3002: { title: 'A leaky ReLU needs a slope between 0 and 1', exit: EXIT.badInput },
  QP3003: { title: 'There are no calibration rows', exit: EXIT.badInput },
  QP3004: { title: 'A label needs several scores, or one score and a threshold', exit: EXIT.badInput },
  QP3005: { title: 'The threshold cannot be used', exit: EXIT.badInput },
  QP3006: { title: 'The bit width is not between 3 and 16', exit: EXIT.badInput },
  QP3007: { title: 'The card cannot be used', exit: EXIT.badInput },
  QP3008: { title: 'The model has nothing to prove', exit: EXIT.badInput },
  QP3009: { title: 'A clip needs bounds that differ as integers', exit: EXIT.badInput },
  QP3011: { title: "The model's name cannot be used", exit: EXIT.badInput },
  QP3010: { title: 'The float reference cannot run the model', exit: EXIT.badInput },
  QP3015: {
    title: 'Bit widths are given for a layer that the model does not have, or twice',
    exit: EXIT.badInput,
  },
  QP3016: { title: 'The manifest does not record the scales of a layer', exit: EXIT.badInput },
  QP3017: {
    title: 'Features that share a weight are declared with different grids',
    exit: EXIT.badInput,
  },
  QP3018: {
    title: 'Trees whose largest or smallest number counts may give a target no number at all',
    exit: EXIT.badInput,
  },
  QP3025: { title: 'A function has no value for a calibration row', exit: EXIT.badInput },
  QP3030: { title: 'A divisor is not above 0 for every input', exit: EXIT.badInput },
  QP3035: {
    title: 'A condition could be something other than 0 or 1; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
  QP3036: {
    title: 'A cut is outside the range of what it cuts; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
  QP3901: {
    title: 'The integer graph breaks an invariant; this is a bug in Quietproof',
    exit: EXIT.internal,
  },
} as const satisfies Record<string, ErrorSpec>;
