import { Button, Group, Table, Tabs, Text, TextInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { Page } from '../../elements/Page';
import { PlaceLink } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { Anomalies } from '../anomalies/Anomalies';
import { RequestLog } from '../request-log/RequestLog';
import { VerifyEverything } from './VerifyEverything';

interface Filter {
  type?: string;
  resource_kind?: string;
  resource_id?: string;
  actor_id?: string;
  from?: string;
  to?: string;
}

export function AuditPage() {
  const { slug } = useOrganization();
  const { tab } = useSearch({ from: '/o/$slug/audit' });
  const navigate = useNavigate();
  return (
    <Page title="Audit">
      <Tabs value={tab ?? 'events'} onChange={(next) => void navigate({ to: '/o/$slug/audit', params: { slug }, search: { tab: next ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="events">Events</Tabs.Tab>
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="anomalies">Anomalies</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="events"><Events /></Tabs.Panel>
        <Tabs.Panel value="requests"><RequestLog /></Tabs.Panel>
        <Tabs.Panel value="anomalies"><Anomalies /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

/** Who did what, newest first. */
function Events() {
  const { slug } = useOrganization();
  const { tab: _, ...filter } = useSearch({ from: '/o/$slug/audit' });
  const events = usePages([slug, 'audit', filter], (query) =>
    body(api.GET('/v1/audit-events', { params: { query: { ...query, ...filter, from: instant(filter.from), to: instant(filter.to) } } })));
  return (
    <>
      <VerifyEverything />
      <Filters key={JSON.stringify(filter)} filter={filter} />
      <DataTable
        label="Audit events"
        pages={events}
        columns={['When', 'What', 'Who', 'On', 'Result', '']}
        empty={<EmptyState title="No event matches">Loosen the filters; every change in the organization is recorded.</EmptyState>}
        row={(event) => (
          <Table.Tr key={event.id}>
            <Table.Td><Time at={event.occurred_at} /></Table.Td>
            <Table.Td ff="monospace" fz="sm">{event.type}</Table.Td>
            <Table.Td dir="auto">{event.actor.label}</Table.Td>
            <Table.Td dir="auto">{event.resource.name ?? event.resource.kind}<Text size="xs" c="dimmed">{event.resource.name ? event.resource.kind : ''}</Text></Table.Td>
            <Table.Td><StateBadge state={event.result} /></Table.Td>
            <Table.Td ta="end"><PlaceLink to="/o/$slug/audit/$id" params={{ slug, id: event.id }} size="sm" aria-label={`Open ${event.type} of ${event.occurred_at}`}>Open</PlaceLink></Table.Td>
          </Table.Tr>
        )}
      />
    </>
  );
}

/** The inputs give local time without a zone; the API takes instants. */
const instant = (localTime?: string) => (localTime && !Number.isNaN(Date.parse(localTime)) ? new Date(localTime).toISOString() : undefined);

function Filters({ filter }: { filter: Filter }) {
  const { slug } = useOrganization();
  const navigate = useNavigate();
  const fields = useFields({ type: filter.type ?? '', resource_kind: filter.resource_kind ?? '', resource_id: filter.resource_id ?? '', actor_id: filter.actor_id ?? '', from: filter.from ?? '', to: filter.to ?? '' });
  const apply = (search: Filter) => void navigate({ to: '/o/$slug/audit', params: { slug }, search });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        apply(Object.fromEntries(Object.entries(fields.values).map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value)));
      }}
    >
      <Group align="flex-end" mb="md" gap="sm">
        <TextInput label="What" placeholder="review.approved" w={170} {...fields.bind('type')} />
        <TextInput label="Kind of thing" placeholder="workflow" w={140} {...fields.bind('resource_kind')} />
        <TextInput label="Id of the thing" w={150} {...fields.bind('resource_id')} />
        <TextInput label="Id of the person or key" w={165} {...fields.bind('actor_id')} />
        <TextInput label="From" type="datetime-local" w={205} {...fields.bind('from')} />
        <TextInput label="To" type="datetime-local" w={205} {...fields.bind('to')} />
        <Button type="submit" variant="default">Filter</Button>
        {Object.values(filter).some(Boolean) && <Button variant="subtle" onClick={() => apply({})}>Show all</Button>}
      </Group>
    </form>
  );
}
