import { Button, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { ApiKey } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { SecretOnce } from '../../elements/SecretOnce';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { NewApiKey } from './NewApiKey';

/** Bearers for programs. */
export function ApiKeys() {
  const organization = useOrganization();
  const [adding, setAdding] = useState(false);
  const [key, setKey] = useState<string>();
  const keys = usePages([organization.slug, 'api keys'], (query) => body(api.GET('/v1/api-keys', { params: { query } })));
  const mayWrite = organization.may('api_keys:write');
  const add = mayWrite && <Button onClick={() => setAdding(true)}>New API key</Button>;
  return (
    <Stack>
      {add && keys.items && keys.items.length > 0 && <Group justify="flex-end">{add}</Group>}
      <DataTable
        label="API keys"
        pages={keys}
        columns={['Name', 'Scopes', 'State', 'Last use', 'Expires', '']}
        empty={<EmptyState title="No API key yet" action={add}>A program uses a key to call the API, within the scopes you give it.</EmptyState>}
        row={(entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td><Text size="sm" fw={500} dir="auto">{entry.name}</Text><Code fz="xs">{entry.prefix}…</Code></Table.Td>
            <Table.Td maw={240}><Text size="xs">{entry.scopes.join(', ')}</Text></Table.Td>
            <Table.Td><StateBadge state={entry.state} /></Table.Td>
            <Table.Td>{entry.last_used_at ? <><Time at={entry.last_used_at} /><Text size="xs" c="dimmed">{entry.last_used_network}</Text></> : 'never'}</Table.Td>
            <Table.Td><Time at={entry.expires_at} /></Table.Td>
            <Table.Td ta="end">{mayWrite && entry.state === 'active' && <RevokeKey entry={entry} />}</Table.Td>
          </Table.Tr>
        )}
      />
      {adding && <NewApiKey onClose={() => setAdding(false)} onCreated={setKey} />}
      <SecretOnce title="The new API key" secret={key} onClose={() => setKey(undefined)}>Programs send it as the header Authorization: Bearer.</SecretOnce>
    </Stack>
  );
}

function RevokeKey({ entry }: { entry: ApiKey }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.POST('/v1/api-keys/{id}/revoke', { params: { path: { id: entry.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'api keys'] }),
  });
  return <ConfirmButton action={revoke} label="Revoke">Programs with “{entry.name}” are refused from now on, for good.</ConfirmButton>;
}
