// What every browser test shares: people who sign in, and a watch over what the browser complains about.
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { resolve } from 'node:path';

export const people = {
  owner: 'olivia@acme.test',
  builder: 'ben@acme.test',
  reviewer: 'rita@acme.test',
  officer: 'sam@acme.test',
};

export const password = () => process.env.E2E_PASSWORD ?? '';

/** The one-time link of a person; used by one test only. */
export function signInLink(person: keyof typeof people): string {
  const links = JSON.parse(process.env.E2E_LINKS ?? '[]') as string[];
  const link = links[Object.keys(people).indexOf(person)];
  if (!link) throw new Error(`The demo printed no link for ${person}.`);
  return link;
}

/** Refusals that a journey provokes are answers, not faults; everything else that the browser calls an error is one. */
const isRefusal = (text: string) => /^Failed to load resource: the server responded with a status of 4\d\d/.test(text);

export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      const watch = (watched: Page) => {
        watched.on('console', (message) => {
          if ((message.type() === 'error' && !isRefusal(message.text())) || /Content Security Policy/i.test(message.text())) complaints.push(message.text());
        });
        watched.on('pageerror', (error) => complaints.push(String(error)));
      };
      watch(page);
      page.context().on('page', watch);
      await use(complaints);
      expect(complaints, 'complaints of the browser (content security policy, errors)').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function signIn(page: Page, person: keyof typeof people, path = '/sign-in') {
  await page.goto(path);
  await page.getByLabel('E-mail').fill(people[person]);
  await page.getByRole('textbox', { name: 'Password' }).fill(password());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /^Account of/ })).toBeVisible();
}

/** Nobody is shut out of this page, in either appearance; a picture of each is kept to be looked at. */
export async function inspect(page: Page, name: string) {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme);
    // A message that fades in or out would be measured half transparent.
    await expect(page.locator('.mantine-Notifications-notification')).toHaveCount(0, { timeout: 10_000 });
    await page.screenshot({ path: resolve(import.meta.dirname, `../../artifacts/screenshots/${name}-${scheme}.png`), fullPage: true });
    // Pages have one frame, which is quicker looked at by itself; in dark nothing but colours is another.
    expect(page.frames()).toHaveLength(1);
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await (scheme === 'dark' ? axe.withRules(['color-contrast', 'link-in-text-block']) : axe).analyze();
    const serious = violations.filter((found) => found.impact === 'serious' || found.impact === 'critical');
    expect(serious.map((found) => `${scheme} ${found.id}: ${found.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${node.failureSummary ?? ''})`).join('; ')}`), `accessibility of ${name}`).toEqual([]);
  }
}
