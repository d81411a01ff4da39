import { defineConfig } from '@playwright/test';

export const port = Number(process.env.E2E_PORT ?? 18480);
export const servicesPort = Number(process.env.E2E_SERVICES_PORT ?? port + 1);

export default defineConfig({
  testDir: '.',
  // One retry would hide a race; there are none.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 120_000,
  // How long a page may take is measured elsewhere; here a busy machine must not fail what is right.
  expect: { timeout: 30_000 },
  outputDir: '../../artifacts/e2e',
  reporter: [['list'], ['json', { outputFile: process.env.E2E_RESULTS ?? '../../artifacts/tests/e2e.json' }]],
  globalSetup: './server.ts',
  use: {
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    baseURL: `http://localhost:${port}`,
    launchOptions: {
      executablePath: process.env.FLUXGATE_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
});
