import { Badge, Button, Code, Group, Menu, Modal, Stack, Table, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { ApiKey } from '../../api/schema';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { SecretOnce } from '../../elements/SecretOnce';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { ReportLeak } from './ReportLeak';
import { RestoreKey, RevokeDialog, RotateDialog, SuspendDialog } from './KeySteps';
import { NewApiKey } from './NewApiKey';
import { Signing } from './Signing';

/** Bearers for programs. */
export function ApiKeys() {
  const organization = useOrganization();
  const [adding, setAdding] = useState(false);
  const [key, setKey] = useState<string>();
  const [signingSecret, setSigningSecret] = useState<string>();
  const keys = usePages([organization.slug, 'api keys'], (query) => body(api.GET('/v1/api-keys', { params: { query } })));
  const mayWrite = organization.may('api_keys:write');
  const add = mayWrite && <Button onClick={() => setAdding(true)}>New API key</Button>;
  return (
    <Stack>
      {add && keys.items && keys.items.length > 0 && <Group justify="flex-end"><ReportLeak />{add}</Group>}
      <DataTable
        label="API keys"
        pages={keys}
        columns={['Name', 'Scopes', 'State', 'Last use', 'Expires', '']}
        empty={<EmptyState title="No API key yet" action={add}>A program uses a key to call the API, within the scopes you give it.</EmptyState>}
        row={(entry) => (
          <Table.Tr key={entry.id}>
            <Table.Td><Text size="sm" fw={500} dir="auto">{entry.name}</Text><Code fz="xs">{entry.prefix}…</Code></Table.Td>
            <Table.Td maw={240}>
              <Text size="xs">{entry.scopes.join(', ')}</Text>
              {entry.networks.length > 0 && <Text size="xs" c="dimmed">from {entry.networks.join(', ')}</Text>}
            </Table.Td>
            <Table.Td>
              <StateBadge state={entry.state} />
              {entry.signature_required && <Badge color="gray" variant="light">signed</Badge>}
              {entry.rotation_due && <Badge color="yellow" variant="light">rotation due</Badge>}
              <Text size="xs" c="dimmed" dir="auto">{entry.revoked_reason ?? entry.suspended_reason}</Text>
            </Table.Td>
            <Table.Td>{entry.last_used_at ? <><Time at={entry.last_used_at} /><Text size="xs" c="dimmed">{entry.last_used_network}</Text></> : 'never'}</Table.Td>
            <Table.Td><Time at={entry.expires_at} /></Table.Td>
            <Table.Td ta="end">{mayWrite && <KeyMenu entry={entry} onRotated={setKey} showsSecret={signingSecret !== undefined} onSigningSecret={setSigningSecret} />}</Table.Td>
          </Table.Tr>
        )}
      />
      {adding && <NewApiKey onClose={() => setAdding(false)} onCreated={setKey} />}
      <SecretOnce title="The new API key" secret={key} onClose={() => setKey(undefined)}>Programs send it as the header Authorization: Bearer.</SecretOnce>
      <SecretOnce title="The new signing secret" secret={signingSecret} onClose={() => setSigningSecret(undefined)}>Programs sign with it and never send it.</SecretOnce>
    </Stack>
  );
}

/** What can be done with a key in its state. */
function KeyMenu({ entry, onRotated, showsSecret, onSigningSecret }: {
  entry: ApiKey;
  onRotated: (key: string) => void;
  showsSecret: boolean;
  onSigningSecret: (secret: string) => void;
}) {
  const [shown, setShown] = useState<'rotate' | 'signing' | 'suspend' | 'revoke'>();
  const close = () => setShown(undefined);
  if (entry.state !== 'active' && entry.state !== 'suspended') return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target><Button size="xs" variant="default" leftSection={<IconDots size={14} aria-hidden />} aria-label={`Steps for ${entry.name} ${entry.prefix}`}>Steps</Button></Menu.Target>
        <Menu.Dropdown>
          {entry.state === 'active' && <Menu.Item onClick={() => setShown('rotate')}>Rotate</Menu.Item>}
          <Menu.Item onClick={() => setShown('signing')}>Signing</Menu.Item>
          {entry.state === 'active' && <Menu.Item onClick={() => setShown('suspend')}>Suspend</Menu.Item>}
          {entry.state === 'suspended' && <RestoreKey entry={entry} />}
          <Menu.Item color="red" onClick={() => setShown('revoke')}>Revoke</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {shown === 'rotate' && <RotateDialog entry={entry} onClose={close} onRotated={onRotated} />}
      <Modal opened={shown === 'signing' && !showsSecret} onClose={close} title={`Signing of “${entry.name}”`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
        {shown === 'signing' && <Signing entry={entry} onSecret={onSigningSecret} />}
      </Modal>
      {shown === 'suspend' && <SuspendDialog entry={entry} onClose={close} />}
      {shown === 'revoke' && <RevokeDialog entry={entry} onClose={close} />}
    </>
  );
}
