import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, inspect, signIn, test } from './console';
import { port } from './playwright.config';

const document = 'format: 1\nname: NAME\ntrigger: { type: api, settings: { public: true } }\nnodes:\n  - { id: kept, type: transform, settings: { output: "{{ trigger.body }}" } }\n';

/** A site of its own, and so an origin. */
async function site() {
  const server = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Shop</title>'));
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

test('FB05 a page of a listed origin starts a public workflow with a client key, and another page cannot', async ({ page, browser }) => {
  const name = `Asked ${Date.now()}`;
  const [shop, elsewhere] = [await site(), await site()];
  await signIn(page, 'owner', '/sign-in?return=/o/acme/members?tab=client-keys');
  const workflow = await page.evaluate(async (text) => {
    const { csrf_token } = (await (await fetch('/v1/me')).json()) as { csrf_token: string };
    const post = (path: string, body?: object) => fetch(`/v1/orgs/acme/workflows${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf_token }, body: body && JSON.stringify(body) });
    const { id } = (await (await post('', { document: text, format: 'yaml' })).json()) as { id: string };
    if (!(await post(`/${id}/publish`, {})).ok) throw new Error('It was not published.');
    return id;
  }, document.replace('NAME', name));

  await page.getByRole('button', { name: 'New client key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Origins' }).fill(`${shop.origin}/shop`);
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByText('An origin as browsers send it')).toBeVisible();
  await page.getByRole('textbox', { name: 'Origins' }).fill(shop.origin);
  await page.getByRole('button', { name: 'Create' }).click();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await expect(row).toContainText('active');
  await inspect(page, 'client-keys');
  const key = (await row.locator('[data-key]').getAttribute('data-key')) ?? '';

  const visitors = await browser.newContext();
  const start = async (origin: string) => {
    const visitor = await visitors.newPage();
    await visitor.goto(`${origin}/`);
    return visitor.evaluate(
      ([url, clientKey]) =>
        fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Client-Key': clientKey, 'Idempotency-Key': crypto.randomUUID() }, body: '{"input":{"question":"When?"}}' })
          .then(async (answer) => ({ status: answer.status, run: ((await answer.json()) as { run_id?: string }).run_id }), () => undefined),
      [`http://localhost:${port}/v1/client/workflows/${workflow}/runs`, key] as const,
    );
  };
  await expect.poll(() => start(shop.origin).then((answer) => answer?.status)).toBe(202);
  expect(await start(elsewhere.origin)).toBeUndefined();
  const run = (await start(shop.origin))?.run ?? '';
  await page.goto(`/o/acme/runs/${run}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await expect(page.getByText('succeeded').first()).toBeVisible();

  await page.goto('/o/acme/members?tab=client-keys');
  await row.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Revoke' }).last().click();
  await expect(row).toContainText('revoked');
  expect((await start(shop.origin))?.status).not.toBe(202);
  await visitors.close();
  shop.close();
  elsewhere.close();
});
