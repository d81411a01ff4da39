import { Button, Group, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import { usePages } from '../../api/pages';
import type { ServiceAccount } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { StateBadge } from '../../elements/StateBadge';
import { useOrganization } from '../../shell/organization';
import { RolesInput } from '../members/RolesInput';

/** Programs with roles and grants of their own; one switch stops all of their keys. */
export function ServiceAccounts() {
  const organization = useOrganization();
  const [edited, setEdited] = useState<ServiceAccount | 'new'>();
  const accounts = usePages([organization.slug, 'service accounts', 'pages'], (query) => body(api.GET('/v1/service-accounts', { params: { query } })));
  const mayWrite = organization.may('api_keys:write');
  const add = mayWrite && <Button onClick={() => setEdited('new')}>New service account</Button>;
  return (
    <Stack>
      {add && accounts.items && accounts.items.length > 0 && <Group justify="flex-end">{add}</Group>}
      <DataTable
        label="Service accounts"
        pages={accounts}
        columns={['Name', 'Roles', 'State', '']}
        empty={<EmptyState title="No service account yet" action={add}>A service account is a program with roles and grants; its keys come and go.</EmptyState>}
        row={(account) => (
          <Table.Tr key={account.id}>
            <Table.Td><Text size="sm" fw={500} dir="auto">{account.name}</Text><Text size="xs" c="dimmed" dir="auto">{account.description}</Text></Table.Td>
            <Table.Td>{account.roles.map((role) => role.replaceAll('_', ' ')).join(', ')}</Table.Td>
            <Table.Td><StateBadge state={account.disabled ? 'suspended' : 'active'} /></Table.Td>
            <Table.Td>
              {mayWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => setEdited(account)} aria-label={`Edit ${account.name}`}>Edit</Button>
                  <DeleteAccount account={account} />
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <AccountDialog account={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function AccountDialog({ account, onClose }: { account?: ServiceAccount; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [roles, setRoles] = useState(account?.roles ?? []);
  const [disabled, setDisabled] = useState(account?.disabled ?? false);
  const save = useMutation({
    mutationFn: (values: { name: string; description: string }) => {
      const request = { ...values, roles, disabled };
      return body(account
        ? api.PUT('/v1/service-accounts/{id}', { params: { path: { id: account.id } }, body: request, headers: ifMatch(account.revision) })
        : api.POST('/v1/service-accounts', { body: request }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'service accounts'] });
      onClose();
    },
  });
  const fields = useFields({ name: account?.name ?? '', description: account?.description ?? '' }, save.error);
  return (
    <FormDialog opened onClose={onClose} title={account ? account.name : 'New service account'} submit={account ? 'Save' : 'Create'} pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={() => save.mutate(fields.values)}>
      <TextInput label="Name" dir="auto" data-autofocus {...fields.bind('name')} />
      <TextInput label="Description" dir="auto" {...fields.bind('description')} />
      <RolesInput value={roles} onChange={setRoles} without={['owner']} />
      <Switch label="Disabled" description="All of its keys are refused." checked={disabled} onChange={(event) => setDisabled(event.currentTarget.checked)} />
    </FormDialog>
  );
}

function DeleteAccount({ account }: { account: ServiceAccount }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/service-accounts/{id}', { params: { path: { id: account.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug] }),
  });
  return <ConfirmButton action={remove} label="Delete">All keys of “{account.name}” are refused from now on, and its grants are gone.</ConfirmButton>;
}
