import { readFile } from 'node:fs/promises';

/** What a client that knows nothing of proofs sees of an answer. */
export interface SeenAnswer {
  readonly row: number;
  readonly status: number;
  readonly label: 'benign' | 'malignant';
  readonly receiptId: string;
}

/** Rows of test data, with what the float model said when it was trained: the demo knows it, a client does not. */
export interface TestRows {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly SeenAnswer['label'][];
}

const LABELS = ['malignant', 'benign'] as const;

export async function readTestRows(file: string): Promise<TestRows> {
  const { inputs, outputs } = JSON.parse(await readFile(file, 'utf8'));
  const labels = outputs.map((output: number | number[]) => LABELS[[output].flat()[0]! >= 0.5 ? 1 : 0]);
  return { rows: inputs, labels };
}

/** An ordinary request of the Open Inference Protocol. */
export async function ask(base: string, row: readonly number[], index: number): Promise<SeenAnswer> {
  const inputs = [{ name: 'input', shape: [1, row.length], datatype: 'FP64', data: row }];
  const response = await fetch(`${base}/v2/models/tumour/infer`, {
    method: 'POST',
    body: JSON.stringify({ inputs }),
  });
  const { outputs } = await response.json();
  const label = LABELS[Number(outputs[0].data[0])]!;
  return {
    row: index,
    status: response.status,
    label,
    receiptId: response.headers.get('x-receipt-id') ?? '',
  };
}
