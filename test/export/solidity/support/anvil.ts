import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { Contract } from 'ethers';
import { ContractFactory, JsonRpcProvider, type Signer } from 'ethers';
import type { Compiled } from './compile.ts';

/** A real Ethereum node on a free local port, with funded accounts. It must be stopped after use. */
export class Anvil {
  readonly provider: JsonRpcProvider;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, provider: JsonRpcProvider) {
    this.#process = process;
    this.provider = provider;
  }

  static async start(): Promise<Anvil> {
    const port = await freePort();
    const bin = anvilBinary();
    const words = ['--silent', '--host', '127.0.0.1', '--port', String(port), '--hardfork', 'prague'];
    const child = spawn(bin, words, { stdio: 'ignore' });
    // If spawning fails, `waitForAnswer` reports it. A running node must not outlive this process.
    child.once('error', () => {});
    process.once('exit', () => child.kill('SIGKILL'));
    const provider = new JsonRpcProvider(`http://127.0.0.1:${port}`, 31337, {
      staticNetwork: true,
      cacheTimeout: -1,
      pollingInterval: 20,
    });
    await waitForAnswer(provider, child);
    return new Anvil(child, provider);
  }

  signer(index = 0): Promise<Signer> {
    return this.provider.getSigner(index);
  }

  async deploy({ abi, bytecode }: Compiled, ...words: unknown[]): Promise<Contract> {
    const factory = new ContractFactory(abi as never, bytecode, await this.signer());
    const contract = await factory.deploy(...words);
    await contract.waitForDeployment();
    return contract as Contract;
  }

  async stop(): Promise<void> {
    this.provider.destroy();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await ended;
  }
}

/** The binary of the npm package, which package.json lists only for Linux on x64, or else `anvil` on PATH. */
function anvilBinary(): string {
  try {
    return createRequire(import.meta.url).resolve('@foundry-rs/anvil-linux-amd64/bin/anvil');
  } catch {
    return 'anvil';
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function waitForAnswer(provider: JsonRpcProvider, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`anvil ended with ${child.exitCode}`);
    try {
      await provider.send('eth_chainId', []);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('anvil does not answer');
}
