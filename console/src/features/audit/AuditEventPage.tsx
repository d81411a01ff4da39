import { Code, Grid, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, body } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { JsonView } from '../../elements/JsonView';
import { Loaded } from '../../elements/Loaded';
import { Page } from '../../elements/Page';
import { PlaceButton } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { Proof } from './Proof';

export function AuditEventPage() {
  const { id } = useParams({ from: '/o/$slug/audit/$id' });
  const { slug } = useOrganization();
  const event = useQuery({
    queryKey: [slug, 'audit event', id],
    queryFn: () => body(api.GET('/v1/audit-events/{id}', { params: { path: { id } } })),
    // Sealing follows the recording; until then the place in the log is not known.
    refetchInterval: (query) => (query.state.data?.index === null ? 1_000 : false),
  });
  return <Loaded query={event}>{(found) => <Detail key={found.id} event={found} />}</Loaded>;
}

function Detail({ event }: { event: AuditEvent }) {
  const { slug } = useOrganization();
  return (
    <Page
      title={event.type}
      badge={<StateBadge state={event.result} />}
      actions={event.resource.id && <PlaceButton variant="default" to="/o/$slug/audit" params={{ slug }} search={{ resource_id: event.resource.id }}>All about this {event.resource.kind.replaceAll('_', ' ')}</PlaceButton>}
    >
      <Stack>
        <Paper withBorder p="md"><Facts event={event} /></Paper>
        <Proof event={event} />
        <Grid>
          {event.before !== null && <Data title="Before" value={event.before} />}
          {event.after !== null && <Data title="After" value={event.after} />}
          {event.details !== null && <Data title="Details" value={event.details} />}
        </Grid>
      </Stack>
    </Page>
  );
}

function Facts({ event }: { event: AuditEvent }) {
  const rows: [string, ReactNode][] = [
    ['When', <Time at={event.occurred_at} />],
    ['Who', <Text span size="sm" dir="auto">{event.actor.label} ({event.actor.kind.replaceAll('_', ' ')}{event.actor.network && `, from ${event.actor.network}`})</Text>],
    ['Did', event.action],
    ['On', <Text span size="sm" dir="auto">{event.resource.kind.replaceAll('_', ' ')} {event.resource.name}</Text>],
    ['Id of it', event.resource.id ? <Code>{event.resource.id}</Code> : '—'],
    ['Place in the log', event.index === null ? 'not sealed yet' : String(event.index)],
    ['Hash', event.hash ? <Code style={{ overflowWrap: 'anywhere' }}>{event.hash}</Code> : '—'],
  ];
  return (
    <Table aria-label="Facts" withRowBorders={false} verticalSpacing={4}>
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}><Table.Th scope="row" w={150} fw={500}>{name}</Table.Th><Table.Td>{value}</Table.Td></Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Data({ title, value }: { title: string; value: unknown }) {
  return (
    <Grid.Col span={{ base: 12, md: 6 }}>
      <Title order={2} size="h5" mb="xs">{title}</Title>
      <JsonView value={value} label={title} />
    </Grid.Col>
  );
}
