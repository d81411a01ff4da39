import { expect, inspect, people, signIn, signInLink, test } from './console';

test('a reviewer comes in by a link, sees the inbox alone, approves, and the run finishes before the eyes of its owner', async ({ page, browser }) => {
  await page.goto(signInLink('reviewer'));
  await expect(page).toHaveURL(/\/o\/acme\/reviews$/);
  const places = page.getByRole('navigation', { name: 'Places' }).getByRole('link');
  await expect(places).toHaveText(['Reviews', 'Settings']);
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await inspect(page, 'reviews');

  await page.goto('/o/acme/audit');
  await expect(page.getByRole('alert').first()).toContainText('Not allowed');
  await page.goto('/o/acme/reviews');

  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('rowheader', { name: 'Vendor' })).toBeVisible();
  const decided = page.url();
  await inspect(page, 'review');

  const run = await page.evaluate(async (id) => ((await (await fetch(`/v1/orgs/acme/reviews/${id}`)).json()) as { run_id: string }).run_id, decided.split('/').at(-1));
  const owner = await (await browser.newContext()).newPage();
  const asked: string[] = [];
  owner.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await signIn(owner, 'owner', `/sign-in?return=/o/acme/runs/${run}`);
  await expect(owner.getByRole('status')).toHaveText('State of the run: waiting');
  const timeline = owner.getByLabel('What happened');
  await expect(timeline).toContainText('Waits for a decision');
  await expect(timeline).not.toContainText('The run ended');

  await page.getByLabel('Comment').fill('Checked against the order. <img src=x onerror=alert(1)>');
  const decision = page.waitForResponse((response) => response.url().endsWith('/decisions'));
  await page.getByRole('button', { name: 'Approve' }).click();
  const review = (await (await decision).json()) as { run_id: string; state: string };
  expect(review).toMatchObject({ state: 'approved', run_id: run });
  await expect(timeline).toContainText('The run ended');
  await expect(owner.getByRole('status')).toHaveText('State of the run: succeeded');
  await expect(owner.locator('.react-flow__node', { hasText: 'approve' })).toContainText('succeeded');
  expect(asked.filter((path) => path.startsWith(`/v1/orgs/acme/runs/${run}/`)), 'one stream, and no polling').toEqual([`/v1/orgs/acme/runs/${run}/events`]);
  await inspect(owner, 'run-approved');
  await owner.context().close();

  await expect(page).not.toHaveURL(decided);
  await expect(page.getByRole('button', { name: 'Approve' })).toBeVisible();
  await page.goto(decided);
  await expect(page.getByText(`Approved by ${people.reviewer}`)).toBeVisible();
  await expect(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
});

test('the review page works on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'reviewer');
  await inspect(page, 'reviews-phone');
  await page.getByRole('row').nth(2).getByRole('link').click();
  await expect(page.getByRole('button', { name: 'Reject' })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await inspect(page, 'review-phone');
  await page.getByRole('button', { name: 'Open the navigation' }).click();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('abuse 16: what a sender wrote as markup is shown as text', async ({ page }) => {
  const answers: string[] = [];
  await signIn(page, 'owner', '/sign-in?return=/o/acme/reviews');
  const markup = page.getByRole('link', { name: '<b>Bold</b>' }).first();
  while (!(await markup.isVisible())) {
    const rows = await page.getByRole('row').count();
    await page.getByRole('button', { name: 'More' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(rows);
  }
  await markup.click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<b>Bold</b> Carpets BV');
  await expect(page.getByRole('cell', { name: '<b>Bold</b> Carpets BV' })).toBeVisible();
  await expect(page.locator('main b, main script')).toHaveCount(0);
  page.on('dialog', (dialog) => { answers.push(dialog.message()); void dialog.dismiss(); });
  await inspect(page, 'review-markup');

  const scripted = await page.evaluate(async () => {
    for (let cursor = '', pages = 0; pages < 20; pages++) {
      const list = (await (await fetch(`/v1/orgs/acme/reviews?limit=100&cursor=${cursor}`.replace(/&cursor=$/, ''))).json()) as { items: { id: string }[]; next_cursor: string | null };
      for (const { id } of list.items) {
        const review = (await (await fetch(`/v1/orgs/acme/reviews/${id}`)).json()) as { content: { note?: string | null } };
        if (review.content.note?.includes('<script>')) return id;
      }
      if (list.next_cursor === null) break;
      cursor = list.next_cursor;
    }
    return undefined;
  });
  expect(scripted, 'a sample invoice with a script in its note').toBeDefined();
  await page.goto(`/o/acme/reviews/${scripted}`);
  await expect(page.getByRole('cell', { name: '<script>alert(1)</script>' })).toBeVisible();
  expect(answers).toEqual([]);
});
