import { Group, Select, Table, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { everything, usePages } from '../../api/pages';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Page } from '../../elements/Page';
import { PlaceButton, PlaceLink } from '../../elements/PlaceLink';
import { StateBadge, stateLabel } from '../../elements/StateBadge';
import { Duration, Time } from '../../elements/Time';
import type { RunStatus } from '../../api/schema';
import { useOrganization } from '../../shell/organization';
import { ManyRuns } from './ManyRuns';

const statuses = ['queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'timed_out'];

export function RunsPage() {
  const organization = useOrganization();
  const { workflow, status } = useSearch({ from: '/o/$slug/runs' });
  const navigate = useNavigate();
  const params = { slug: organization.slug };
  const runs = usePages(
    [organization.slug, 'runs', workflow, status],
    (query) => body(api.GET('/v1/runs', { params: { query: { ...query, workflow_id: workflow, status } } })),
    { refetchInterval: 5_000 },
  );
  const filter = (change: { workflow?: string; status?: string }) => void navigate({ to: '/o/$slug/runs', params, search: { workflow, status, ...change } });
  const filtered = Boolean(workflow ?? status);
  return (
    <Page title="Runs" actions={<ManyRuns workflow={workflow} status={status as RunStatus | undefined} />}>
      <Group mb="md" align="flex-end">
        {organization.mayOnGrant('workflows:read') && <WorkflowFilter value={workflow} onChange={(id) => filter({ workflow: id })} />}
        <Select label="State" placeholder="Any" clearable clearButtonProps={{ 'aria-label': 'Any state' }} value={status ?? null} data={statuses.map((value) => ({ value, label: stateLabel(value) }))} onChange={(value) => filter({ status: value ?? undefined })} w={180} />
      </Group>
      <DataTable
        label="Runs"
        pages={runs}
        columns={['Workflow', 'State', 'Trigger', 'Started', 'Took', '']}
        empty={
          filtered ? (
            <EmptyState title="No run matches">Loosen the filters.</EmptyState>
          ) : (
            <EmptyState title="Nothing has run yet" action={organization.mayOnGrant('workflows:read') && <PlaceButton to="/o/$slug/workflows" params={params}>To the workflows</PlaceButton>}>
              Publish a workflow, then start it by hand or by its trigger.
            </EmptyState>
          )
        }
        row={(run) => (
          <Table.Tr key={run.id}>
            <Table.Td dir="auto">{run.workflow_name} <Text span size="xs" c="dimmed">v{run.workflow_version}</Text></Table.Td>
            <Table.Td>
              <StateBadge state={run.status} />
              {run.error_code && <Text size="xs" c="dimmed" mt={2}>{run.error_code}</Text>}
            </Table.Td>
            <Table.Td>{run.trigger_type}</Table.Td>
            <Table.Td><Time at={run.started_at} /></Table.Td>
            <Table.Td>{run.finished_at ? <Duration from={run.started_at} to={run.finished_at} /> : '—'}</Table.Td>
            <Table.Td ta="end"><PlaceLink to="/o/$slug/runs/$id" params={{ ...params, id: run.id }} size="sm" aria-label={`Open the run ${run.id}`}>Open</PlaceLink></Table.Td>
          </Table.Tr>
        )}
      />
    </Page>
  );
}

function WorkflowFilter({ value, onChange }: { value?: string; onChange: (id?: string) => void }) {
  const { slug } = useOrganization();
  const workflows = useQuery({ queryKey: [slug, 'workflow names'], queryFn: () => everything((query) => body(api.GET('/v1/workflows', { params: { query } }))) });
  return (
    <Select
      label="Workflow"
      placeholder="Any"
      clearable
      clearButtonProps={{ 'aria-label': 'Any workflow' }}
      searchable
      w={260}
      value={value ?? null}
      data={workflows.data?.map((workflow) => ({ value: workflow.id, label: workflow.name })) ?? []}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
