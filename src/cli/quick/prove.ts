/** What `prove` starts with; `build-command.mjs` makes a bundle of it. */
export { quickRun } from './quick-run.ts';
