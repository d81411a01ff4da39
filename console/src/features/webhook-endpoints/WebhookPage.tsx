import { Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { api, body } from '../../api/client';
import { everything, usePages } from '../../api/pages';
import type { WebhookEndpoint } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Loaded } from '../../elements/Loaded';
import { Page } from '../../elements/Page';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { NotFound } from '../../shell/NotFound';
import { useOrganization } from '../../shell/organization';

export function WebhookPage() {
  const { id } = useParams({ from: '/o/$slug/webhooks/$id' });
  const { slug } = useOrganization();
  // The API has no read of a single endpoint; there are few of them.
  const endpoints = useQuery({ queryKey: [slug, 'webhooks', 'all'], queryFn: () => everything((query) => body(api.GET('/v1/webhook-endpoints', { params: { query } }))) });
  return (
    <Loaded query={endpoints}>
      {(found) => {
        const endpoint = found.find((candidate) => candidate.id === id);
        return endpoint ? <Detail endpoint={endpoint} /> : <NotFound />;
      }}
    </Loaded>
  );
}

function Detail({ endpoint }: { endpoint: WebhookEndpoint }) {
  const organization = useOrganization();
  const deliveries = usePages(
    [organization.slug, 'deliveries', endpoint.id],
    (query) => body(api.GET('/v1/webhook-endpoints/{id}/deliveries', { params: { path: { id: endpoint.id }, query } })),
    { refetchInterval: 5_000 },
  );
  return (
    <Page title={endpoint.name} actions={organization.may('webhooks:write') && <DeleteEndpoint endpoint={endpoint} />}>
      <Text size="sm" c="dimmed" mb="md" style={{ overflowWrap: 'anywhere' }}>{endpoint.url} · {endpoint.event_types.join(', ')}</Text>
      <DataTable
        label="Deliveries"
        pages={deliveries}
        columns={['Event', 'State', 'Attempts', 'Last answer', 'Made', 'Finished']}
        empty={<EmptyState title="Nothing was delivered yet">A delivery appears here when one of its events happens.</EmptyState>}
        row={(delivery) => (
          <Table.Tr key={delivery.id}>
            <Table.Td ff="monospace" fz="sm">{delivery.event_type}</Table.Td>
            <Table.Td><StateBadge state={delivery.state} /></Table.Td>
            <Table.Td>{delivery.attempts}</Table.Td>
            <Table.Td>{delivery.last_status ?? '—'}{delivery.last_error && <Text size="xs" c="dimmed">{delivery.last_error}</Text>}</Table.Td>
            <Table.Td><Time at={delivery.created_at} /></Table.Td>
            <Table.Td>{delivery.finished_at ? <Time at={delivery.finished_at} /> : '—'}</Table.Td>
          </Table.Tr>
        )}
      />
    </Page>
  );
}

function DeleteEndpoint({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/webhook-endpoints/{id}', { params: { path: { id: endpoint.id } } }),
    onSuccess: async () => {
      await navigate({ to: '/o/$slug/webhooks', params: { slug } });
      await client.invalidateQueries({ queryKey: [slug, 'webhooks'] });
    },
  });
  return <ConfirmButton action={remove} label="Delete the endpoint" size="sm">Its pending deliveries are dropped, and its list of deliveries goes with it.</ConfirmButton>;
}
