import { rm } from 'node:fs/promises';
import { Shell } from '../shell.ts';
import { runDemo } from './demo.ts';
import { DEMO_CASES } from './demo-case.ts';

/** `node dist/cli/demo/main.js [credit] [folder]` */
const [word, ...rest] = process.argv.slice(2);
const shown = word === 'credit' ? DEMO_CASES.credit : DEMO_CASES.digits;
const folder = (word === 'credit' ? rest[0] : word) ?? 'artifacts/demo';
const shell = new Shell(process);
try {
  await rm(folder, { recursive: true, force: true });
  await runDemo(shell, process.stdout, shown, folder);
} catch (error) {
  shell.fail(error);
}
process.exitCode = shell.exit;
