import { type PreparedKey, type Verdict, verifyBundle } from '@quietproof/verify';
import { byId, element, foreign, icon } from '../../../../export/browser/page/dom.ts';
import { type OpenedFile, readFiles, unwrapped } from '../../../../export/browser/page/files.ts';
import { MODELS_ID } from './embedded-models.ts';

const keys = new Map<string, PreparedKey>();

/** Checks every record that the reader chooses or drops, against the models of the report. */
export function checkFiles(): void {
  const models = JSON.parse(atob(byId(MODELS_ID).textContent ?? '')) as string[];
  const input = byId<HTMLInputElement>('file');
  input.addEventListener('change', async () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    await check(files, models);
  });
}

async function check(files: readonly File[], models: readonly string[]): Promise<void> {
  const { model, bundle, ...others } = await readFiles(files);
  const lines: HTMLElement[] = [];
  for (const file of bundle) {
    lines.push(lineOf(file.name, verdictOn(file, model, models)));
    // A record takes some time: others are shown meanwhile.
    byId('checked').replaceChildren(...lines);
    await new Promise((resolve) => setTimeout(resolve));
  }
  for (const { name } of Object.values(others).flat()) lines.push(unread(name));
  byId('checked').replaceChildren(...lines);
}

/** With the model record beside it that it fits, if there are some. */
function verdictOn(file: OpenedFile, companions: readonly OpenedFile[], models: readonly string[]): Verdict {
  const source = unwrapped(file.bytes);
  const verdicts = [undefined, ...companions].map((companion) =>
    verifyBundle(source, {
      model: models,
      keys,
      ...(companion !== undefined && { companion: companion.bytes }),
    }),
  );
  return verdicts.find(({ accepted }) => accepted) ?? verdicts.at(-1)!;
}

function lineOf(name: string, verdict: Verdict): HTMLElement {
  const { accepted, headline, recordId, model } = verdict;
  const what = accepted
    ? `The proof holds, and is of a model of this report: ${model?.modelId ?? ''}.`
    : `${headline}.`;
  const line = element('li', `check ${accepted ? 'pass' : 'fail'}`);
  const body = element('div', '', element('p', 'check-title', foreign(name)), element('p', '', what));
  if (accepted && recordId !== undefined)
    body.append(element('p', 'small', 'Record ', element('code', 'id', recordId)));
  line.append(icon(accepted ? 'pass' : 'fail'), body);
  return line;
}

function unread(name: string): HTMLElement {
  const line = element('li', 'check skipped');
  line.append(
    icon('skipped'),
    element('div', '', foreign(name), element('p', 'small', 'This is no record.')),
  );
  return line;
}
