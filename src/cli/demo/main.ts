import { rm } from 'node:fs/promises';
import { Shell } from '../shell.ts';
import { runDemo } from './demo.ts';

/** `node dist/cli/demo/main.js [folder]` */
const folder = process.argv[2] ?? 'artifacts/demo';
const shell = new Shell(process);
try {
  await rm(folder, { recursive: true, force: true });
  await runDemo(shell, process.stdout, {
    model: 'models/digits-mlp/model.onnx',
    data: 'models/digits-mlp/test.json',
    folder,
  });
} catch (error) {
  shell.fail(error);
}
process.exitCode = shell.exit;
