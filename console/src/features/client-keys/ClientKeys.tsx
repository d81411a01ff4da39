import { Button, Code, CopyButton, Group, NumberInput, Stack, Table, Text, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import { usePages } from '../../api/pages';
import type { ClientKey } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { entries, useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { StateBadge } from '../../elements/StateBadge';
import { useOrganization } from '../../shell/organization';

/** Keys that stand in pages, so they are shown at any time and may only start what is marked public. */
export function ClientKeys() {
  const organization = useOrganization();
  const [edited, setEdited] = useState<ClientKey | 'new'>();
  const keys = usePages([organization.slug, 'client keys'], (query) => body(api.GET('/v1/client-keys', { params: { query } })));
  const mayWrite = organization.may('api_keys:write');
  const add = mayWrite && <Button onClick={() => setEdited('new')}>New client key</Button>;
  return (
    <Stack>
      {add && keys.items && keys.items.length > 0 && <Group justify="flex-end">{add}</Group>}
      <DataTable
        label="Client keys"
        pages={keys}
        columns={['Name', 'Key', 'Origins', 'A minute', 'State', '']}
        empty={<EmptyState title="No client key yet" action={add}>Pages of your own sites use one to start workflows whose trigger is public. It is no secret.</EmptyState>}
        row={(key) => (
          <Table.Tr key={key.id}>
            <Table.Td><Text size="sm" fw={500} dir="auto">{key.name}</Text></Table.Td>
            <Table.Td>
              <Group gap="xs" wrap="nowrap">
                <Code fz="xs" data-key={key.key}>{key.key.slice(0, 12)}…</Code>
                <CopyButton value={key.key}>{({ copied, copy }) => <Button size="compact-xs" variant="subtle" onClick={copy} aria-label={`Copy the key ${key.name}`}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
              </Group>
            </Table.Td>
            <Table.Td>{key.origins.map((origin) => <Text key={origin} size="xs">{origin}</Text>)}</Table.Td>
            <Table.Td>{key.a_minute ?? 'default'}</Table.Td>
            <Table.Td><StateBadge state={key.revoked_at ? 'revoked' : 'active'} /></Table.Td>
            <Table.Td>
              {mayWrite && !key.revoked_at && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => setEdited(key)} aria-label={`Edit ${key.name}`}>Edit</Button>
                  <Revoke clientKey={key} />
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <KeyDialog clientKey={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function KeyDialog({ clientKey, onClose }: { clientKey?: ClientKey; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [aMinute, setAMinute] = useState<number | string>(clientKey?.a_minute ?? '');
  const save = useMutation({
    mutationFn: ({ name, origins }: { name: string; origins: string }) => {
      const request = { name, origins: entries(origins), a_minute: aMinute === '' ? null : Number(aMinute) };
      return body(clientKey
        ? api.PUT('/v1/client-keys/{id}', { params: { path: { id: clientKey.id } }, body: request, headers: ifMatch(clientKey.revision) })
        : api.POST('/v1/client-keys', { body: request }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'client keys'] });
      onClose();
    },
  });
  const fields = useFields({ name: clientKey?.name ?? '', origins: clientKey?.origins.join('\n') ?? '' }, save.error);
  return (
    <FormDialog opened onClose={onClose} title={clientKey ? clientKey.name : 'New client key'} submit={clientKey ? 'Save' : 'Create'} pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={() => save.mutate(fields.values)}>
      <TextInput label="Name" description="Which pages show it." dir="auto" data-autofocus {...fields.bind('name')} />
      <Textarea label="Origins" description="Where those pages are, one a line." placeholder="https://shop.example.com" autosize minRows={2} {...fields.bind('origins')} />
      <NumberInput label="Requests a minute" description="Of all visitors together. Empty: what the installation takes." min={1} allowDecimal={false} value={aMinute} onChange={setAMinute} />
    </FormDialog>
  );
}

function Revoke({ clientKey }: { clientKey: ClientKey }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.POST('/v1/client-keys/{id}/revoke', { params: { path: { id: clientKey.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'client keys'] }),
  });
  return <ConfirmButton action={revoke} label="Revoke">Pages with “{clientKey.name}” start nothing from now on, for good.</ConfirmButton>;
}
