import type { Form } from './environment.ts';

/** How many models of each form must be proved: 70 of at least 80 modules of PyTorch, 12 of at least 14 of Keras. */
export const MINIMUM: Readonly<Record<Form, number>> = { dynamo: 70, torchscript: 70, keras: 12 };

/** Models that are not proved, by form, and how the reason begins. Every other model must be proved. */
export const REFUSED: Readonly<Record<Form, Readonly<Record<string, string>>>> = {
  dynamo: {
    gru: 'QP2101 GRU, a recurrent layer',
    lstm: 'QP2101 LSTM, a recurrent layer',
  },
  torchscript: {
    'channel-shuffle': 'not exported',
    gru: 'QP2101 GRU, a recurrent layer',
    lstm: 'QP2101 LSTM, a recurrent layer',
    threshold: 'not exported',
  },
  keras: {
    'dense-gelu': 'QP2101 Erfc, an operator of TensorFlow that ONNX does not define',
    lstm: 'QP2101 LSTM, a recurrent layer',
  },
};
