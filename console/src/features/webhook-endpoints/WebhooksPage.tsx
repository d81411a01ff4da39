import { Button, Table, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { entries, useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { Page } from '../../elements/Page';
import { PlaceLink } from '../../elements/PlaceLink';
import { SecretOnce } from '../../elements/SecretOnce';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** Who is told about events of the organization. */
export function WebhooksPage() {
  const organization = useOrganization();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const endpoints = usePages([organization.slug, 'webhooks'], (query) => body(api.GET('/v1/webhook-endpoints', { params: { query } })));
  const add = organization.may('webhooks:write') && <Button onClick={() => setAdding(true)}>New endpoint</Button>;
  return (
    <Page title="Webhooks" actions={add}>
      <DataTable
        label="Webhook endpoints"
        pages={endpoints}
        columns={['Name', 'URL', 'Events', 'State', 'Made']}
        empty={<EmptyState title="No endpoint yet" action={add}>An endpoint is an address of yours that is told, signed, about events such as review.created.</EmptyState>}
        row={(endpoint) => (
          <Table.Tr key={endpoint.id}>
            <Table.Td><PlaceLink to="/o/$slug/webhooks/$id" params={{ slug: organization.slug, id: endpoint.id }} fw={500} dir="auto">{endpoint.name}</PlaceLink></Table.Td>
            <Table.Td ff="monospace" fz="xs">{endpoint.url}</Table.Td>
            <Table.Td>{endpoint.event_types.join(', ')}</Table.Td>
            <Table.Td>{endpoint.enabled ? 'enabled' : 'disabled'}</Table.Td>
            <Table.Td><Time at={endpoint.created_at} /></Table.Td>
          </Table.Tr>
        )}
      />
      {adding && <NewEndpoint onClose={() => setAdding(false)} onCreated={setSecret} />}
      <SecretOnce title="The endpoint’s signing secret" secret={secret} onClose={() => setSecret(undefined)}>Deliveries are signed with it (Standard Webhooks).</SecretOnce>
    </Page>
  );
}

function NewEndpoint({ onClose, onCreated }: { onClose: () => void; onCreated: (secret: string) => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (endpoint: { name: string; url: string; event_types: string[] }) => body(api.POST('/v1/webhook-endpoints', { body: endpoint })),
    onSuccess: async (created) => {
      onClose();
      onCreated(created.secret);
      await client.invalidateQueries({ queryKey: [slug, 'webhooks'] });
    },
  });
  const fields = useFields({ name: '', url: '', event_types: '*' }, create.error);
  return (
    <FormDialog opened onClose={onClose} title="New endpoint" submit="Create" pending={create.isPending} error={create.error} shown={fields.shown} onSubmit={() => create.mutate({ ...fields.values, event_types: entries(fields.values.event_types) })}>
      <TextInput label="Name" dir="auto" data-autofocus {...fields.bind('name')} />
      <TextInput label="URL" placeholder="https://example.com/fluxgate" {...fields.bind('url')} />
      <Textarea label="Events" description="One a line, such as review.created or anomaly.detected; * is all." autosize minRows={2} {...fields.bind('event_types')} />
    </FormDialog>
  );
}
