import { expect, inspect, signIn, test } from './console';

const name = `Greeting <script>alert(1)</script> ${Date.now()}`;

const document = (type: string) => `format: 1
name: "${name}"
trigger: { type: manual }
nodes:
  - id: greet
    type: ${type}
    settings:
      output: { greeting: "Hello, {{ trigger.body.name }}!" }
  - id: known
    type: condition
    settings: { when: "{{ trigger.body.name != '' }}" }
  - id: stranger
    type: fail
    settings: { message: "Nobody to greet." }
edges:
  - { from: greet, to: known }
  - { from: known, port: "false", to: stranger }
output: "{{ steps.greet }}"
`;

test('a builder writes a workflow, mends its faults, publishes it, starts it and watches it finish', async ({ page }) => {
  await signIn(page, 'builder');
  await expect(page.getByRole('link', { name: 'Invoice approval' })).toBeVisible();
  await inspect(page, 'workflows');

  await page.getByRole('link', { name: 'New workflow' }).click();
  await page.getByLabel('Document').fill(document('transfrom'));
  await page.getByRole('button', { name: 'Create draft' }).click();
  const faults = page.getByRole('alert');
  await expect(faults).toContainText('line 6');
  await expect(faults).toContainText('/nodes/0/type');
  await inspect(page, 'workflow-new-faults');

  await page.getByLabel('Document').fill(document('transform'));
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('This can be published')).toBeVisible();
  await page.getByRole('button', { name: 'Create draft' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);

  await page.getByRole('tab', { name: 'Edit draft' }).click();
  await page.getByLabel('Document').fill(document('transform').replace('Hello', 'Welcome'));
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  await inspect(page, 'workflow-draft');

  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByText('The workflow is published.')).toBeVisible();
  await page.getByRole('tab', { name: 'Graph' }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(4);
  await page.getByRole('button', { name: 'Start a run' }).click();
  await page.getByLabel('Input (JSON)').fill('{ "name": "<b>Ada</b>" }');
  await page.getByRole('button', { name: 'Start', exact: true }).click();

  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('status')).toHaveText('State of the run: succeeded');
  await expect(page.getByRole('region', { name: 'Output of the run' })).toContainText('Welcome, <b>Ada</b>!');
  await page.locator('.react-flow__node', { hasText: 'greet' }).click();
  await expect(page.getByRole('region', { name: 'Output of greet' })).toContainText('Welcome, <b>Ada</b>!');
  await expect(page.locator('.react-flow__node', { hasText: 'stranger' })).toContainText('skipped');
  await inspect(page, 'run');
});

test('a builder begins with a template and sees what it lacks', async ({ page }) => {
  await signIn(page, 'builder');
  await page.getByRole('link', { name: 'New workflow' }).click();
  await expect(page.getByLabel('Document')).toContainText('name: Hello');
  await page.getByRole('combobox', { name: 'Begin with' }).click();
  await page.getByRole('option', { name: 'Each item' }).click();
  await expect(page.getByText('Does the same for each item of a list')).toBeVisible();
  await expect(page.getByLabel('Document')).toContainText('concurrency: 4');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByRole('alert')).toContainText('There is no such connector');
  await inspect(page, 'new-workflow-template');
  await page.getByLabel('Document').fill('format: 1');
  await expect(page.getByRole('combobox', { name: 'Begin with' })).toHaveValue('');
});

test('a builder sends a run the signal that it waits for', async ({ page }) => {
  await signIn(page, 'builder');
  await page.goto('/o/acme/workflows/new');
  await page.getByLabel('Document').fill(`format: 1
name: Paid ${Date.now()}
trigger: { type: manual }
nodes:
  - { id: paid, type: wait, settings: { signal: payment } }
output: "{{ steps.paid.data.amount }}"
`);
  await page.getByRole('button', { name: 'Create draft' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('button', { name: 'Start a run' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();

  await expect(page.getByText('Step paid waits for the signal payment')).toBeVisible();
  await inspect(page, 'run-waiting-signal');
  await page.getByRole('button', { name: 'Send the signal' }).click();
  await page.getByLabel('Data (JSON)').fill('{ "amount": 7');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByLabel('Data (JSON)')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Data (JSON)').fill('{ "amount": 7 }');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('State of the run: succeeded');
  await expect(page.getByText('Done, took received')).toBeVisible();
});

test('of two builders who edit one draft the second is told, and overwrites nothing', async ({ page, browser }) => {
  await signIn(page, 'builder', '/sign-in?return=/o/acme/workflows/new');
  await page.getByLabel('Document').fill(document('transform').replace(name, `Shared ${Date.now()}`));
  await page.getByRole('button', { name: 'Create draft' }).click();
  await page.getByRole('tab', { name: 'Edit draft' }).click();

  const other = await (await browser.newContext()).newPage();
  await signIn(other, 'builder', `/sign-in?return=${new URL(page.url()).pathname}`);
  await other.getByRole('tab', { name: 'Edit draft' }).click();
  await other.getByLabel('Document').fill(await page.getByLabel('Document').inputValue() + '# theirs\n');
  await other.getByRole('button', { name: 'Save draft' }).click();
  await expect(other.getByText('The draft is saved.')).toBeVisible();
  await other.context().close();

  await page.getByLabel('Document').fill(await page.getByLabel('Document').inputValue() + '# mine\n');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByRole('alert')).toContainText('changed since you read it');
  await expect(page.getByLabel('Document')).toHaveValue(/# mine/);
});

test('a builder keeps a secret that is never shown again, and a connector that uses it', async ({ page }) => {
  const suffix = Date.now();
  const answers: string[] = [];
  page.on('response', async (response) => { if (response.url().includes('/credentials')) answers.push(await response.text().catch(() => '')); });
  await signIn(page, 'builder', '/sign-in?return=/o/acme/connections');
  await expect(page.getByText('create_invoice')).toBeVisible();
  await inspect(page, 'connectors');
  await page.getByRole('button', { name: 'Test erp' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
  await expect(page.getByRole('row', { name: /Reach passed/ })).toBeVisible();
  await inspect(page, 'connection-test');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('tab', { name: 'Credentials' }).click();
  await page.getByRole('button', { name: 'New credential' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Not A Name');
  await page.getByLabel('Allowed hosts').fill('shop.example.com');
  await page.getByRole('textbox', { name: 'Token' }).fill('swordfish-1234');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveAttribute('aria-invalid', 'true');
  await page.getByRole('textbox', { name: 'Name' }).fill(`shop-${suffix}`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: `Edit shop-${suffix}` }).click();
  await expect(page.getByRole('textbox', { name: 'Token' })).toHaveValue('');
  await expect(page.getByRole('textbox', { name: 'Token' })).toHaveAttribute('placeholder', 'stored; type to replace');
  await inspect(page, 'credential');
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(answers.join('')).not.toContain('swordfish');
  await inspect(page, 'credentials');
  await page.getByRole('button', { name: `Uses of shop-${suffix}` }).click();
  await expect(page.getByText('Not used yet')).toBeVisible();
  await inspect(page, 'credential-uses');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await page.getByRole('tab', { name: 'Connectors' }).click();
  await page.getByRole('button', { name: 'New connector' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`shop-${suffix}`);
  await page.getByLabel('Base URL').fill('https://shop.example.com/api');
  await page.getByRole('combobox', { name: 'Authentication' }).click();
  await page.getByRole('option', { name: 'bearer' }).click();
  await page.getByRole('combobox', { name: 'Credential' }).click();
  await page.getByRole('option', { name: `shop-${suffix}` }).click();
  await page.getByLabel('Name of endpoint 1').fill('list_orders');
  await page.getByLabel('Path of endpoint 1').fill('/orders');
  await inspect(page, 'connector');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('list_orders: GET /orders')).toBeVisible();
});

test('a builder gives a webhook endpoint its secret once and sees deliveries', async ({ page }) => {
  await signIn(page, 'builder', '/sign-in?return=/o/acme/webhooks');
  await inspect(page, 'webhooks');
  await page.getByRole('button', { name: 'New endpoint' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(`Ledger ${Date.now()}`);
  await page.getByRole('textbox', { name: 'URL' }).fill('https://ledger.example.com/in');
  await page.getByLabel('Events').fill('never.happens');
  await page.getByRole('button', { name: 'Create' }).click();
  const secret = await page.locator('[data-secret]').innerText();
  expect(secret).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.getByRole('link', { name: 'Bookkeeping' }).click();
  await expect(page.getByRole('cell', { name: 'invoice.posted' }).first()).toBeVisible();
  await inspect(page, 'webhook');
});
