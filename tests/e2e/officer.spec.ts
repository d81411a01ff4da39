import { expect, inspect, people, signIn, test } from './console';

test('a security officer finds a decision in the audit, verifies it and everything', async ({ page, browser }) => {
  const reviewer = await (await browser.newContext()).newPage();
  await signIn(reviewer, 'reviewer');
  await reviewer.getByRole('row').nth(3).getByRole('link').click();
  const decision = reviewer.waitForResponse((response) => response.url().endsWith('/decisions'));
  await reviewer.getByRole('button', { name: 'Reject' }).click();
  const review = (await (await decision).json()) as { id: string };
  await reviewer.context().close();

  await signIn(page, 'officer');
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link')).toHaveText(['Audit', 'Settings']);
  await page.getByLabel('What').fill('review.rejected');
  await page.getByLabel('Id of the thing').fill(review.id);
  await page.getByRole('button', { name: 'Filter' }).click();
  const found = page.getByRole('row', { name: /review\.rejected/ });
  await expect(found).toHaveCount(1);
  await expect(found).toContainText(people.reviewer);
  await found.getByRole('link').click();
  await expect(page.getByText('The proof holds')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Its entry follows the one before')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Details' })).toContainText('content_sha256');
  await inspect(page, 'audit-event');

  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('button', { name: 'Verify everything' }).click();
  await expect(page.getByText('Everything holds')).toBeVisible({ timeout: 30_000 });
  await inspect(page, 'audit');

  await page.getByLabel('What').fill('nothing.like.this');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('heading', { name: 'No event matches' })).toBeVisible();
  await inspect(page, 'audit-empty');
});

test('FN08 a security officer finds out to whom an answer was given', async ({ page }) => {
  await signIn(page, 'officer', '/sign-in?return=/o/acme/audit?tab=requests');
  await expect(page.getByRole('table', { name: 'Requests' })).toContainText('olivia@acme.test');
  const watermark = await page.evaluate(async () => (await fetch('/v1/orgs/acme/audit-events?limit=1')).headers.get('fluxgate-watermark'));
  await page.getByLabel('Watermark').fill(watermark ?? '');
  // It is in the log a moment after its answer.
  await expect(async () => {
    await page.getByRole('button', { name: 'Trace' }).click();
    await expect(page.getByText('This answer was given')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole('alert').filter({ hasText: 'This answer was given' })).toContainText('list_audit_events, status 200');
  await inspect(page, 'requests');
  await page.getByLabel('Watermark').fill(`${(watermark ?? '').slice(0, -1)}${watermark?.endsWith('A') ? 'Q' : 'A'}`);
  await page.getByRole('button', { name: 'Trace' }).click();
  await expect(page.getByText(/No request of this organization has this watermark/)).toBeVisible();
});
