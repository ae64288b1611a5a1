import { rm } from 'node:fs/promises';
import { Shell } from '../shell.ts';
import { runDemo } from './demo.ts';
import { DEMO_CASES } from './demo-case.ts';
import { runEndpointDemo } from './endpoint/endpoint-demo.ts';

/** `node dist/cli/demo/main.js [credit | endpoint] [folder]` */
const [word, ...rest] = process.argv.slice(2);
const isWord = word === 'credit' || word === 'endpoint';
const folder = (isWord ? rest[0] : word) ?? 'artifacts/demo';
const shell = new Shell(process);
try {
  await rm(folder, { recursive: true, force: true });
  if (word === 'endpoint') await runEndpointDemo(shell.style, process.stdout, folder);
  else
    await runDemo(shell, process.stdout, word === 'credit' ? DEMO_CASES.credit : DEMO_CASES.digits, folder);
} catch (error) {
  shell.fail(error);
}
process.exitCode = shell.exit;
