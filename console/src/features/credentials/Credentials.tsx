import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Credential } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { AccessDialog } from '../access/AccessDialog';
import { AccountConnection } from './AccountConnection';
import { CredentialDialog } from './CredentialDialog';
import { CredentialUses } from './CredentialUses';

/** Secrets by name. What is stored is never shown again, here or anywhere. */
export function Credentials() {
  const organization = useOrganization();
  const [edited, setEdited] = useState<Credential | 'new'>();
  const [shown, setShown] = useState<Credential>();
  const [shared, setShared] = useState<Credential>();
  const credentials = usePages([organization.slug, 'credentials'], (query) => body(api.GET('/v1/credentials', { params: { query } })));
  const mayWrite = organization.may('credentials:write');
  const add = mayWrite && <Button onClick={() => setEdited('new')}>New credential</Button>;
  return (
    <Stack>
      {add && credentials.items && credentials.items.length > 0 && <Group justify="flex-end">{add}</Group>}
      <DataTable
        label="Credentials"
        pages={credentials}
        columns={['Name', 'Type', 'Goes to', 'Secret', 'Changed', '']}
        empty={<EmptyState title="No credential yet" action={add}>A credential is a secret that connectors send, and the hosts that it may go to.</EmptyState>}
        row={(credential) => (
          <Table.Tr key={credential.id}>
            <Table.Td><Text size="sm" fw={500}>{credential.name}</Text><Text size="xs" c="dimmed" dir="auto">{credential.description}</Text></Table.Td>
            <Table.Td>{credential.type.replaceAll('_', ' ')}</Table.Td>
            <Table.Td ff="monospace" fz="xs">{credential.allowed_hosts.join(', ')}</Table.Td>
            <Table.Td>stored, version {credential.secret_version}</Table.Td>
            <Table.Td><Time at={credential.updated_at} /></Table.Td>
            <Table.Td>
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                {credential.type === 'oauth2' && organization.may('credentials:connect') && <AccountConnection credential={credential} />}
                <Button size="xs" variant="default" onClick={() => setShown(credential)} aria-label={`Uses of ${credential.name}`}>Uses</Button>
                {mayWrite && <Button size="xs" variant="default" onClick={() => setEdited(credential)} aria-label={`Edit ${credential.name}`}>Edit</Button>}
                {organization.may('grants:read') && <Button size="xs" variant="default" onClick={() => setShared(credential)} aria-label={`Access to ${credential.name}`}>Access</Button>}
                {mayWrite && <DeleteCredential credential={credential} />}
              </Group>
            </Table.Td>
          </Table.Tr>
        )}
      />
      {shown && <CredentialUses credential={shown} onClose={() => setShown(undefined)} />}
      {shared && <AccessDialog resource={{ kind: 'credential', id: shared.id, name: shared.name }} onClose={() => setShared(undefined)} />}
      {edited && <CredentialDialog credential={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function DeleteCredential({ credential }: { credential: Credential }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/credentials/{id}', { params: { path: { id: credential.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'credentials'] }),
  });
  return <ConfirmButton action={remove} label="Delete">The secret of “{credential.name}” is gone for good.</ConfirmButton>;
}
