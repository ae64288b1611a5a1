import { type ErrorSpec, EXIT } from './error-spec.ts';

/** Codes QP11xx: rows of data, and the files they come from. */
export const dataErrors = {
  QP1101: { title: 'The data file cannot be parsed', exit: EXIT.badInput },
  QP1102: { title: 'This data file format is not supported', exit: EXIT.badInput },
  QP1103: { title: 'The data file is too large', exit: EXIT.badInput },
  QP1104: { title: 'The data file has no rows', exit: EXIT.badInput },
  QP1105: { title: 'A row has the wrong number of values', exit: EXIT.badInput },
  QP1106: { title: "A row's nesting does not match the input's shape", exit: EXIT.badInput },
  QP1107: { title: 'A value is not finite', exit: EXIT.badInput },
  QP1108: { title: 'A value is not a number', exit: EXIT.badInput },
  QP1109: { title: 'This NumPy data type is not supported', exit: EXIT.badInput },
  QP1110: { title: 'The NumPy file is damaged', exit: EXIT.badInput },
  QP1111: { title: 'Labels or outputs do not match the rows', exit: EXIT.badInput },
  QP1112: { title: 'The first line may be a header or a row', exit: EXIT.badInput },
  QP1113: { title: "The header does not have the features' names", exit: EXIT.badInput },
  QP1114: { title: 'A column is not a feature by its name', exit: EXIT.badInput },
  QP1115: { title: 'Two columns have the same name', exit: EXIT.badInput },
  QP1116: { title: 'A label is none of the classes', exit: EXIT.badInput },
  QP1117: { title: 'A value is off the grid that the card declares', exit: EXIT.badInput },
  QP1121: { title: 'The row selection is not valid', exit: EXIT.badInput },
  QP1122: { title: 'The row selection is outside the file', exit: EXIT.badInput },
  QP1131: { title: 'The name of a column contains characters that cannot be shown', exit: EXIT.badInput },
  QP1132: { title: 'A value has a decimal comma', exit: EXIT.badInput },
  QP1133: { title: 'A value is none that its input takes', exit: EXIT.badInput },
} as const satisfies Record<string, ErrorSpec>;
