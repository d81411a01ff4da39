// Starts the furnished demo on an empty data directory for the whole browser run, and stops what it started.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { port, servicesPort } from './playwright.config';

export default async function startServer() {
  const data = mkdtempSync(join(tmpdir(), 'fluxgate-e2e-'));
  const executable = resolve(import.meta.dirname, '../../artifacts/fluxgate/fluxgate');
  const server = spawn(executable, ['demo', '--data', data, '--port', `${port}`, '--services-port', `${servicesPort}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // All browsers are one address.
    env: { ...process.env, FLUXGATE_LIMITS__ANONYMOUS_A_MINUTE: '100000' },
  });
  const exited = new Promise<void>((done) => server.once('exit', () => done()));
  const stop = async () => {
    server.kill('SIGTERM');
    await exited;
    const pointer = join(data, 'cluster');
    if (existsSync(pointer)) rmSync(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true });
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const links = await Promise.race([
      printedLinks(createInterface({ input: server.stdout })),
      exited.then(() => { throw new Error('The demo ended before it was ready.'); }),
      new Promise<never>((_, fail) => setTimeout(() => fail(new Error('The demo was not ready within two minutes.')), 120_000).unref()),
    ]);
    // Workers are processes of their own; they inherit the environment.
    process.env.E2E_LINKS = JSON.stringify(links);
    process.env.E2E_PASSWORD = (JSON.parse(readFileSync(join(data, 'demo.json'), 'utf8')) as { Password: string }).Password;
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

/** The one-time links that the demo prints when it is furnished, in the order of its people. */
async function printedLinks(lines: AsyncIterable<string>): Promise<string[]> {
  const links: string[] = [];
  for await (const line of lines) {
    const link = /http:\/\/localhost:\d+\/sign-in#\S+/.exec(line);
    if (link) links.push(link[0]);
    if (line.startsWith('Ctrl-C')) break;
  }
  return links;
}
