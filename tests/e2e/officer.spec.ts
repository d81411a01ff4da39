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

test('FN11 an unusual key is suspended, seen by the officer, and restored in one step', async ({ page, browser, request }) => {
  const name = `Odd ${Date.now()}`;
  const owner = await (await browser.newContext()).newPage();
  await signIn(owner, 'owner', '/sign-in?return=/o/acme/audit?tab=anomalies');
  await owner.getByRole('button', { name: 'What is unusual' }).click();
  const errors = owner.getByRole('group', { name: 'Many requests of a key have errors' });
  await errors.getByLabel('Suspend the key').click();
  await errors.getByLabel('Of the last requests').fill('9');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByText('10–1000.')).toBeVisible();
  await errors.getByLabel('Of the last requests').fill('10');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByText('The settings are saved.')).toBeVisible();

  await owner.goto('/o/acme/members?tab=keys');
  await owner.getByRole('button', { name: 'New API key' }).click();
  await owner.getByRole('textbox', { name: 'Name' }).fill(name);
  await owner.getByRole('combobox', { name: 'Scopes' }).click();
  await owner.getByRole('option', { name: 'runs:read' }).click();
  await owner.keyboard.press('Escape');
  await owner.getByRole('button', { name: 'Create' }).click();
  const headers = { Authorization: `Bearer ${await owner.locator('[data-secret]').innerText()}` };
  await owner.getByRole('button', { name: 'I have stored it' }).click();
  for (let i = 0; i < 10; i++) expect((await request.get('/v1/members', { headers })).status()).toBe(403);

  await signIn(page, 'officer', '/sign-in?return=/o/acme/audit?tab=anomalies');
  const found = page.getByRole('row', { name: new RegExp(name) });
  await expect(found).toContainText('10 of the last 10 requests had an error', { timeout: 60_000 });
  await expect(found).toContainText('key suspended');
  await inspect(page, 'anomalies');
  await page.getByRole('button', { name: 'What is unusual' }).click();
  await expect(page.getByRole('dialog').getByRole('button', { name: 'Save' })).toHaveCount(0);
  await inspect(page, 'anomaly-settings');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await found.getByRole('button', { name: /Acknowledge/ }).click();
  await expect(page.getByText('The key stays suspended until')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await owner.reload();
  const key = owner.getByRole('row', { name: new RegExp(name) });
  await expect(key).toContainText('Anomaly: 10 of the last 10 requests had an error');
  await owner.goto('/o/acme/audit?tab=anomalies');
  await owner.getByRole('row', { name: new RegExp(name) }).getByRole('button', { name: /Acknowledge/ }).click();
  await owner.getByLabel('Note').fill('a wrong scope');
  await owner.getByRole('button', { name: 'Acknowledge and restore' }).click();
  await expect(owner.getByText('The anomaly is acknowledged, and the key works again.')).toBeVisible();
  expect((await request.get('/v1/runs', { headers })).status()).toBe(200);
  await page.getByLabel('Also those that were acknowledged').click();
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('a wrong scope');

  // The people of the other tests find it as it was.
  await owner.getByRole('button', { name: 'What is unusual' }).click();
  await errors.getByLabel('Suspend the key').click();
  await errors.getByLabel('Of the last requests').fill('50');
  await owner.getByRole('button', { name: 'Save' }).click();
  await expect(owner.getByText('The settings are saved.')).toBeVisible();
  await owner.context().close();
});
