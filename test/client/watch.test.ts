import { afterAll, beforeAll, expect, it } from 'vitest';
import { type IrisArtifact, irisArtifact } from '../support/iris-artifact.ts';
import { Provider } from './support/provider.ts';
import { User } from './support/user.ts';

let artifact: IrisArtifact;
let provider: Provider;
beforeAll(async () => {
  artifact = await irisArtifact('digest');
  provider = await Provider.open(artifact);
});
afterAll(async () => {
  await provider.close();
  await artifact.remove();
});

it('an honest endpoint is quiet: promises are kept, proofs come and hold', async () => {
  const user = await User.of(provider, { policy: { ask: 1, askAfter: 1 } });
  for (let n = 0; n < 3; n += 1) {
    expect(await user.ask(n)).toMatchObject({ state: 'kept', receiptIds: [expect.any(String)], alarms: [] });
  }
  const model = () => user.watch.status().models[0]!;
  await user.until(() => model().waitingForLog === 0);
  expect(model()).toMatchObject({ answers: 3, proved: 0 });
  provider.clock.pass(60);
  await user.until(() => model().proved === 3);
  expect(user.watch.status()).toMatchObject({
    alarms: [],
    unreachableSince: undefined,
    log: { size: 4, unread: 0 },
  });
});
