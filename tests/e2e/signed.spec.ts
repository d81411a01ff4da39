// A third party's implementation of RFC 9421 signs for our server, and verifies what our own client signs.
import { spawn } from 'node:child_process';
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createSigner, createVerifier, httpbis, type SigningKey } from 'http-message-signatures';
import type { Page } from '@playwright/test';
import { expect, inspect, signIn, test } from './console';

/** A new API key of the signed-in owner, made by the API with the cookie of the page. */
const newKey = (page: Page, name: string) =>
  page.evaluate(async (keyName) => {
    const { csrf_token } = (await (await fetch('/v1/me')).json()) as { csrf_token: string };
    const answer = await fetch('/v1/orgs/acme/api-keys', {
      method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': csrf_token }, body: JSON.stringify({ name: keyName, scopes: ['kv:read', 'kv:write'] }),
    });
    return ((await answer.json()) as { key: string }).key;
  }, name);

/** Sends a request that the library has signed in our profile. */
async function send(baseURL: string, apiKey: string, key: SigningKey, method: string, path: string, content?: unknown) {
  const body = content === undefined ? undefined : JSON.stringify(content);
  const digest = body && `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
  const signed = await httpbis.signMessage({
    key,
    fields: ['@method', '@target-uri', ...(body ? ['content-type', 'content-digest'] : [])],
    params: ['created', 'expires', 'nonce', 'keyid', 'alg', 'tag'],
    paramValues: { nonce: randomBytes(16).toString('hex'), tag: 'fluxgate' },
  }, { method, url: new URL(path, baseURL).href, headers: body ? { 'content-type': 'application/json', 'content-digest': digest as string } : {} });
  const headers = { ...(signed.headers as Record<string, string>), authorization: `Bearer ${apiKey}` };
  return { once: () => fetch(new URL(path, baseURL), { method, headers, body }) };
}

test('FN01 another implementation of the standard signs for a key that has to sign, by HMAC and by Ed25519', async ({ page, baseURL }) => {
  const name = `Signing ${Date.now()}`;
  await signIn(page, 'owner', '/sign-in?return=/o/acme/members?tab=keys');
  await expect(page.getByRole('button', { name: 'New API key' })).toBeVisible();
  const apiKey = await newKey(page, name);
  await page.reload();
  const row = page.getByRole('row', { name: new RegExp(name) });
  await row.getByRole('button', { name: /Steps for/ }).click();
  await page.getByRole('menuitem', { name: 'Signing' }).click();
  await page.getByRole('button', { name: 'Add a signing key' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  expect(secret).toMatch(/^fgs_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  await page.getByRole('button', { name: 'I have stored it' }).click();

  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  await page.locator('input[type=file]').setInputFiles({ name: 'key.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })) });
  await page.getByRole('button', { name: 'Add a signing key' }).click();
  const ed25519 = page.getByRole('table', { name: 'Signing keys' }).getByRole('row', { name: /Ed25519/ });
  await expect(ed25519).toBeVisible();
  const ed25519Id = await ed25519.getByRole('code').or(ed25519.locator('code')).first().innerText();
  await page.getByRole('switch', { name: /only if they are signed/ }).click({ force: true });
  await expect(page.getByRole('switch', { name: /only if they are signed/ })).toBeChecked();
  await inspect(page, 'signing');
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(row).toContainText('signed');

  const path = `/v1/kv/organization/signed-${Date.now()}`;
  expect((await fetch(new URL(path, baseURL), { headers: { authorization: `Bearer ${apiKey}` } })).status).toBe(401);
  const pem = createPrivateKey(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const keys = [createSigner(secret, 'hmac-sha256', secret.slice(0, 12)), createSigner(pem, 'ed25519', ed25519Id)];
  for (const key of keys) {
    const put = await send(baseURL as string, apiKey, key, 'PUT', path, { value: key.alg });
    const first = await put.once();
    expect(first.status, await first.text()).toBe(200);
    const again = await put.once();
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([401, 'signature.replayed']);
    const get = await (await send(baseURL as string, apiKey, key, 'GET', path)).once();
    expect(((await get.json()) as { value: string }).value).toBe(key.alg);
  }
});

test('FN01 another implementation of the standard verifies what the command line signs', async () => {
  const secret = `fgs_abcdefgh_${'x'.repeat(49)}`;
  const verified: (boolean | null)[] = [];
  const server = createServer((request: IncomingMessage, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void (async () => {
      const body = Buffer.concat(chunks);
      const isDigest = body.length === 0 || request.headers['content-digest'] === `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
      const verify = createVerifier(secret, 'hmac-sha256');
      const isSigned = await httpbis.verifyMessage({
        keyLookup: (parameters) => Promise.resolve(parameters.keyid === secret.slice(0, 12) && parameters.tag === 'fluxgate' ? { id: parameters.keyid, algs: ['hmac-sha256'], verify } : null),
        requiredParams: ['created', 'expires', 'nonce', 'keyid', 'tag'],
        requiredFields: ['@method', '@target-uri', ...(body.length ? ['content-type', 'content-digest'] : [])],
      }, { method: request.method as string, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${request.url}`, headers: request.headers as Record<string, string> });
      verified.push(isSigned && isDigest);
      answer.setHeader('content-type', 'application/json').end('{"value": 1, "is_secret": false, "version": 1, "items": [], "next_cursor": null}');
    })().catch((error: unknown) => answer.writeHead(500).end(String(error))));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const command = (...args: string[]) => new Promise<number | null>((done) => {
      spawn(resolve(import.meta.dirname, '../../artifacts/fluxgate/fluxgate'), args, {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, FLUXGATE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FLUXGATE_API_KEY: `fgl_abcdefgh_${'y'.repeat(49)}`, FLUXGATE_SIGNING_SECRET: secret },
      }).once('exit', done);
    });
    expect(await command('kv', 'get', 'greeting')).toBe(0);
    expect(await command('kv', 'set', 'greeting', '--value', '"grüße"')).toBe(0);
    expect(await command('api-keys', 'list')).toBe(0);
  } finally {
    server.close();
  }
  expect(verified).toEqual([true, true, true]);
});
