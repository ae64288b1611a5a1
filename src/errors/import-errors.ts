import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP2xxx: model files (QP20xx), their contents (QP21xx), and TensorFlow.js models (QP22xx). */
export const importErrors = {
  QP2001: { title: 'The model file cannot be parsed', exit: EXIT.badInput },
  QP2002: { title: 'This model file format is not supported', exit: EXIT.badInput },
  QP2003: { title: 'The model file is too large', exit: EXIT.badInput },
  QP2004: { title: 'A weight file of the model is missing or too short', exit: EXIT.badInput },
  QP2005: { title: "A weight file is outside the model's folder", exit: EXIT.badInput },
  QP2101: { title: 'This operator cannot be proved', exit: EXIT.badInput },
  QP2102: { title: 'This form of the operator cannot be proved', exit: EXIT.badInput },
  QP2103: { title: 'Softmax between layers cannot be proved', exit: EXIT.badInput },
  QP2104: { title: 'This operator set version is not supported', exit: EXIT.badInput },
  QP2105: { title: 'This data type is not supported', exit: EXIT.badInput },
  QP2106: { title: 'A model must have one input and one output', exit: EXIT.badInput },
  QP2107: { title: 'Only the batch dimension of the input may be dynamic', exit: EXIT.badInput },
  QP2108: { title: 'The model is fixed to a batch larger than one', exit: EXIT.badInput },
  QP2109: { title: 'A weight is not a finite number', exit: EXIT.badInput },
  QP2110: { title: 'Shapes do not fit together', exit: EXIT.badInput },
  QP2111: { title: "The model's graph is broken", exit: EXIT.badInput },
  QP2112: { title: 'The model is too large to be proved', exit: EXIT.badInput },
  QP2113: { title: 'The output does not depend on the input', exit: EXIT.badInput },
  QP2201: { title: 'This is not a TensorFlow.js layers model', exit: EXIT.badInput },
  QP2202: { title: 'The weights manifest is broken', exit: EXIT.badInput },
  QP2203: { title: 'This layer cannot be proved', exit: EXIT.badInput },
  QP2204: { title: 'This form of the layer cannot be proved', exit: EXIT.badInput },
  QP2205: { title: 'Models saved by Keras 3 are not supported', exit: EXIT.badInput },
  QP2206: { title: "The weights do not fit the model's layers", exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
