import { Accordion, Badge, Button, Code, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { RecordedEntry, TestDifference, TestResult, Workflow, WorkflowTest } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { JsonView } from '../../elements/JsonView';
import { Loaded } from '../../elements/Loaded';
import { PlaceLink } from '../../elements/PlaceLink';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** Recorded runs of the workflow, and what its draft or its published version makes of them. */
export function Tests({ workflow }: { workflow: Workflow }) {
  const organization = useOrganization();
  const { slug } = organization;
  const [shown, setShown] = useState<string>();
  const path = { id: workflow.id };
  const tests = usePages([slug, 'workflow-tests', workflow.id], () => body(api.GET('/v1/workflows/{id}/tests', { params: { path } })));
  const test = useMutation({ mutationFn: () => body(api.POST('/v1/workflows/{id}/test', { params: { path }, body: {} })) });
  const mayRead = workflow.rights.includes('view');
  const mayTest = mayRead && (!workflow.has_draft || workflow.rights.includes('edit'));
  const results = new Map(test.data?.tests.map((result) => [result.name, result]));
  return (
    <Stack>
      {mayTest && tests.items && tests.items.length > 0 && (
        <Group>
          <Button loading={test.isPending} onClick={() => test.mutate()}>{workflow.has_draft ? 'Test the draft' : `Test version ${workflow.published_version}`}</Button>
          <Text role="status" size="sm">{test.data && `${test.data.passed} passed, ${test.data.failed} failed`}</Text>
        </Group>
      )}
      <ProblemAlert error={test.error} />
      <DataTable
        label="Tests"
        pages={tests}
        columns={['Name', 'Result', 'Recorded', 'Version', 'Calls', '']}
        empty={<EmptyState title="No tests yet">Open a run that went as it should and keep it as a test. Later versions are replayed on what it recorded; nothing is called.</EmptyState>}
        row={(entry) => (
          <Table.Tr key={entry.name}>
            <Table.Td>{entry.name}</Table.Td>
            <Table.Td><Result result={results.get(entry.name)} /></Table.Td>
            <Table.Td><PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: entry.run_id }} size="sm"><Time at={entry.recorded_at} /></PlaceLink></Table.Td>
            <Table.Td>{entry.version}</Table.Td>
            <Table.Td>{entry.calls}</Table.Td>
            <Table.Td>
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                {mayRead && <Button size="xs" variant="default" onClick={() => setShown(entry.name)} aria-label={`Show ${entry.name}`}>Show</Button>}
                {workflow.rights.includes('edit') && <Delete workflow={workflow} test={entry} onDone={() => void tests.refetch()} />}
              </Group>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {test.data?.tests.filter((result) => !result.passed).map((result) => <Differences key={result.name} result={result} />)}
      <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} title={`Recorded: ${shown}`} size="xl" closeButtonProps={{ 'aria-label': 'Close' }}>
        {shown !== undefined && <Recorded workflow={workflow} name={shown} />}
      </Modal>
    </Stack>
  );
}

function Result({ result }: { result: TestResult | undefined }) {
  if (!result) return <Text size="sm" c="dimmed">–</Text>;
  return <Badge color={result.passed ? 'teal.9' : 'red.9'}>{result.passed ? 'passed' : 'failed'}</Badge>;
}

function Delete({ workflow, test, onDone }: { workflow: Workflow; test: WorkflowTest; onDone: () => void }) {
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/workflows/{id}/tests/{name}', { params: { path: { id: workflow.id, name: test.name } } }),
    onSuccess: onDone,
  });
  return <ConfirmButton action={remove} label="Delete">The recording of {test.name} goes; its run stays as long as runs are kept.</ConfirmButton>;
}

function Differences({ result }: { result: TestResult }) {
  return (
    <Stack gap="xs">
      <Text fw={600}>{result.name}</Text>
      {result.changed_steps.length > 0 && <Text size="sm" c="dimmed">Steps that give something else: {result.changed_steps.map((step) => <Code key={step} me={4}>{step}</Code>)}</Text>}
      <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label={`Differences of ${result.name}`}>
        <Table aria-label={`Differences of ${result.name}`} verticalSpacing="xs" layout="fixed">
          <Table.Thead>
            <Table.Tr>{['Where', 'Recorded', 'Now'].map((column) => <Table.Th key={column} scope="col" fz="xs" c="dimmed" fw={600}>{column}</Table.Th>)}</Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {result.differences.map((difference) => (
              <Table.Tr key={`${difference.kind} ${difference.step} ${difference.attempt} ${difference.pointer}`}>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{where(difference)}</Table.Td>
                <Table.Td>{difference.change === 'added' ? <Text size="sm" c="dimmed">nothing</Text> : <Value value={difference.expected} />}</Table.Td>
                <Table.Td>{difference.change === 'missing' ? <Text size="sm" c="dimmed">nothing</Text> : <Value value={difference.actual} />}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}

const Value = ({ value }: { value: unknown }) => <Code block fz="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{JSON.stringify(value ?? null, null, 2)}</Code>;

/** Such as "call pay, attempt 2". */
const did = ({ kind, step, attempt }: { kind: string; step: string; attempt: number }) => [kind, step, kind === 'call' && attempt > 1 ? `, attempt ${attempt}` : ''].filter(Boolean).join(' ').replace(' ,', ',');

const where = (difference: TestDifference) => <>{did(difference)} {difference.pointer && <Code>{difference.pointer}</Code>}</>;

function Recorded({ workflow, name }: { workflow: Workflow; name: string }) {
  const { slug } = useOrganization();
  const recorded = useQuery({
    queryKey: [slug, 'workflow-tests', workflow.id, name],
    queryFn: () => body(api.GET('/v1/workflows/{id}/tests/{name}', { params: { path: { id: workflow.id, name } } })),
  });
  return (
    <Loaded query={recorded}>
      {(found) => (
        <Accordion order={3} multiple>
          <Accordion.Item value="trigger">
            <Accordion.Control>trigger</Accordion.Control>
            <Accordion.Panel><JsonView value={found.trigger} label="Trigger" /></Accordion.Panel>
          </Accordion.Item>
          {found.entries.map((entry) => <Entry key={`${entry.kind} ${entry.step} ${entry.attempt}`} entry={entry} />)}
        </Accordion>
      )}
    </Loaded>
  );
}

function Entry({ entry }: { entry: RecordedEntry }) {
  return (
    <Accordion.Item value={`${entry.kind}-${entry.attempt}-${entry.step}`}>
      <Accordion.Control>{did(entry)}{entry.error && <Text span size="sm" c="dimmed"> · {entry.error.code}</Text>}</Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          <JsonView value={entry.content} label={`What ${did(entry)} was`} />
          {entry.error && <Text size="sm">Failed: {entry.error.message}</Text>}
          {entry.answer != null && <><Text size="sm">Answer</Text><JsonView value={entry.answer} label={`Answer to ${did(entry)}`} /></>}
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
