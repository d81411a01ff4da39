import { expect, inspect, people, password, signIn, test } from './console';

test('a person signs in by address and password', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await inspect(page, 'sign-in');
  await page.getByLabel('E-mail').fill(people.owner);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText(/wrong/);

  await page.getByRole('textbox', { name: 'Password' }).fill(password());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/o\/acme\/workflows$/);
});

test('who opens a deep link without a session signs in and comes back to it', async ({ page }) => {
  await page.goto('/o/acme/runs?status=waiting');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail').fill(people.owner);
  await page.getByRole('textbox', { name: 'Password' }).fill(password());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/o\/acme\/runs\?status=waiting$/);
});

for (const wanted of ['//evil.example', 'https://evil.example/o/acme', '/\\evil.example', '/\t/evil.example', '/o/../\\evil.example', 'javascript:alert(1)'])
  test(`abuse 16: sign-in does not lead on to ${JSON.stringify(wanted)}`, async ({ page }) => {
    const elsewhere: string[] = [];
    page.on('request', (request) => { if (new URL(request.url()).hostname !== 'localhost') elsewhere.push(request.url()); });
    await signIn(page, 'officer', `/sign-in?return=${encodeURIComponent(wanted)}`);
    await expect(page).toHaveURL(/^http:\/\/localhost:\d+\/o\/acme\/audit$/);
    expect(elsewhere).toEqual([]);
  });

test('signing out ends the session', async ({ page }) => {
  await signIn(page, 'officer');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/o/acme/audit');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a link without a token, a wrong one and an unknown address say what is wrong', async ({ page }) => {
  await page.goto('/sign-in#not-a-token');
  await expect(page.getByRole('alert')).toContainText('ask for a new one');
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.goto('/join');
  await expect(page.getByText('its end is missing')).toBeVisible();
  await page.goto('/nowhere');
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
  await inspect(page, 'not-found');
  await page.goto('/set-up');
  await expect(page.getByRole('heading', { name: 'Set up' })).toBeVisible();
  await inspect(page, 'set-up');
});
