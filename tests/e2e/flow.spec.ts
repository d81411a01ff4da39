import { expect, inspect, signIn, test } from './console';

const stamp = Date.now();

const called = `format: 1
name: Halves ${stamp}
trigger: { type: workflow }
nodes:
  - { id: half, type: transform, settings: { output: "{{ 12 / trigger.input }}" } }
output: "{{ steps.half }}"
`;

const caller = `format: 1
name: Shares ${stamp}
trigger: { type: manual }
nodes:
  - { id: kept, type: transform, settings: { output: "{{ trigger.body.items }}" } }
  - { id: each, type: foreach, settings: { items: "{{ steps.kept }}", workflow: "Halves ${stamp}" } }
edges: [{ from: kept, to: each }]
output: "{{ steps.each }}"
`;

test('a builder follows a loop into the run that it called, and takes a failed run up again', async ({ page }) => {
  await signIn(page, 'builder');
  for (const document of [called, caller]) {
    await page.getByRole('link', { name: 'Workflows' }).click();
    await page.getByRole('link', { name: 'New workflow' }).click();
    await page.getByLabel('Document').fill(document);
    await page.getByRole('button', { name: 'Create draft' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(`${stamp}`);
    await page.getByRole('button', { name: 'Publish' }).click();
    // By its state, not by the message: the first workflow's message may still be there when the second one's comes.
    await expect(page.getByRole('main').getByText('published', { exact: true })).toBeVisible();
  }
  await page.getByRole('button', { name: 'Start a run' }).click();
  await page.getByLabel('Input (JSON)').fill('{ "items": [4, 0] }');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  const failed = page.url();
  await expect(page.getByRole('status')).toHaveText('State of the run: failed');
  await page.locator('.react-flow__node').filter({ hasText: 'each' }).click();
  await expect(page.getByRole('table', { name: 'Steps of the items of each' })).toContainText('[1].call');
  await inspect(page, 'run-loop');

  await page.getByRole('button', { name: '[0].call', exact: true }).click();
  await page.getByRole('link', { name: 'The run that this step called' }).click();
  await expect(page.getByText('called by the step each[0].call of')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Output of the run' })).toContainText('3');

  await page.goto(failed);
  await page.getByRole('button', { name: 'Retry the run' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Retry the run' }).click();
  await expect(page.getByRole('link', { name: 'a run before' })).toBeVisible();
  await page.locator('.react-flow__node').filter({ hasText: 'kept' }).click();
  await expect(page.getByText('Its result is that of')).toBeVisible();
});

test('an owner sees a marker for what is sensitive, and reveals it with a reason', async ({ page }) => {
  await signIn(page, 'owner');
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('link', { name: 'New workflow' }).click();
  await page.getByLabel('Document').fill(`format: 1
name: Cards ${stamp}
trigger: { type: manual }
nodes: [{ id: card, type: transform, sensitive: [/number], settings: { output: { number: "{{ trigger.body.number }}" } } }]
`);
  await page.getByRole('button', { name: 'Create draft' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('button', { name: 'Start a run' }).click();
  await page.getByLabel('Input (JSON)').fill('{ "number": "4111-2222" }');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('State of the run: succeeded');
  await page.locator('.react-flow__node').filter({ hasText: 'card' }).click();
  await expect(page.getByRole('region', { name: 'Output of card' })).toContainText('[sensitive]');
  await page.getByRole('button', { name: 'Reveal' }).click();
  await page.getByLabel('Reason').fill('A customer asks');
  await inspect(page, 'run-reveal');
  await page.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
  await expect(page.getByRole('region', { name: 'Revealed output' })).toContainText('4111-2222');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('4111-2222')).toHaveCount(0);
});

const charges = (factor: number) => `format: 1
name: Charges ${stamp}
trigger: { type: manual }
nodes:
  - { id: total, type: transform, settings: { output: "{{ trigger.body.net * ${factor} }}" } }
  - { id: told, type: emit, settings: { event: charged, data: { total: "{{ steps.total }}" } } }
edges: [{ from: total, to: told }]
output: "{{ steps.total }}"
`;

test('a builder keeps a run as a test and sees what a draft would do differently', async ({ page }) => {
  await signIn(page, 'builder');
  await page.getByRole('link', { name: 'Workflows' }).click();
  await page.getByRole('link', { name: 'New workflow' }).click();
  await page.getByLabel('Document').fill(charges(2));
  await page.getByRole('button', { name: 'Create draft' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('main').getByText('published', { exact: true })).toBeVisible();
  const workflow = page.url();
  await page.getByRole('button', { name: 'Start a run' }).click();
  await page.getByLabel('Input (JSON)').fill('{ "net": 7 }');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('status')).toHaveText('State of the run: succeeded');
  await page.getByRole('button', { name: 'Keep as a test' }).click();
  await page.getByLabel('Name').fill('a/b');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByRole('dialog')).toContainText('letters, digits');
  await page.getByLabel('Name').fill('seven');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await expect(page.getByText('The test seven is recorded.')).toBeVisible();

  await page.goto(workflow);
  await page.getByRole('tab', { name: 'Tests' }).click();
  await page.getByRole('button', { name: 'Test version 1' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'passed' })).toHaveText('1 passed, 0 failed');
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Open a draft' }).click();
  await page.getByRole('tab', { name: 'Edit draft' }).click();
  await page.getByLabel('Document').fill(charges(3));
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  await page.getByRole('tab', { name: 'Tests' }).click();
  await page.getByRole('button', { name: 'Test the draft' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'passed' })).toHaveText('0 passed, 1 failed');
  const differences = page.getByRole('table', { name: 'Differences of seven' });
  await expect(differences.getByRole('row', { name: 'event told /data/total 14 21' })).toBeVisible();
  await expect(page.getByText('Steps that give something else: total')).toBeVisible();
  await inspect(page, 'workflow-tests');
  await page.getByRole('button', { name: 'Show seven' }).click();
  await page.getByRole('button', { name: 'event told' }).click();
  await expect(page.getByRole('region', { name: 'What event told was' })).toContainText('14');
  await inspect(page, 'workflow-test');
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('No tests yet')).toBeVisible();
});
