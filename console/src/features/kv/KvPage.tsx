import { Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import { everything, usePages } from '../../api/pages';
import type { KvEntry } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { Page } from '../../elements/Page';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { useFolders } from '../folders/useFolders';
import { EntryDialog } from './EntryDialog';

const organizationScope = 'organization';

/** What workflows keep between runs, one scope at a time. Values are read one by one; those of secrets never. */
export function KvPage() {
  const organization = useOrganization();
  const [scope, setScope] = useState(organizationScope);
  const [opened, setOpened] = useState<KvEntry | 'new'>();
  const mayWrite = organization.may('kv:write');
  const workflows = useQuery({
    queryKey: [organization.slug, 'workflows', 'names'],
    queryFn: () => everything((query) => body(api.GET('/v1/workflows', { params: { query } }))),
    enabled: organization.may('workflows:read'),
  });
  const folders = useFolders();
  const entries = usePages([organization.slug, 'kv', scope], (query) => body(api.GET('/v1/kv/{scope}', { params: { path: { scope }, query } })));
  const add = mayWrite && <Button onClick={() => setOpened('new')}>New entry</Button>;
  const scopes = [{ value: organizationScope, label: 'The organization' }, ...folders.map(({ id, name }) => ({ value: `folder:${id}`, label: `Folder ${name}` })), ...(workflows.data ?? []).map(({ id, name }) => ({ value: `workflow:${id}`, label: name }))];
  return (
    <Page title="Key-value store">
      <Stack>
        <Group justify="space-between" align="flex-end">
          <Select label="Entries of" description="A workflow reads its own first, then its folder's, then the organization's." searchable allowDeselect={false} data={scopes} value={scope} onChange={(next) => next && setScope(next)} w={320} />
          {entries.items && entries.items.length > 0 && add}
        </Group>
        <DataTable
          label="Entries"
          pages={entries}
          columns={['Key', 'Value', 'Expires', 'Changed', '']}
          empty={<EmptyState title="No entry yet" action={add}>An entry is a value that runs read and write: a counter, a cursor, a setting, a secret.</EmptyState>}
          row={(entry) => (
            <Table.Tr key={entry.key}>
              <Table.Td ff="monospace" fz="sm" style={{ overflowWrap: 'anywhere' }}>{entry.key}</Table.Td>
              <Table.Td>{entry.is_secret ? <Text size="sm">secret, goes to {entry.allowed_hosts?.join(', ')}</Text> : <Button size="compact-xs" variant="default" onClick={() => setOpened(entry)} aria-label={`Show ${entry.key}`}>Show</Button>}</Table.Td>
              <Table.Td>{entry.expires_at ? <Time at={entry.expires_at} /> : 'never'}</Table.Td>
              <Table.Td><Time at={entry.updated_at} /></Table.Td>
              <Table.Td>
                {mayWrite && (
                  <Group gap="xs" justify="flex-end" wrap="nowrap">
                    {entry.is_secret && <Button size="xs" variant="default" onClick={() => setOpened(entry)} aria-label={`Replace ${entry.key}`}>Replace</Button>}
                    <DeleteEntry entry={entry} />
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          )}
        />
      </Stack>
      {opened && <EntryDialog scope={scope} entry={opened === 'new' ? undefined : opened} readOnly={!mayWrite} onClose={() => setOpened(undefined)} />}
    </Page>
  );
}

function DeleteEntry({ entry }: { entry: KvEntry }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/kv/{scope}/{key}', { params: { path: { scope: entry.scope, key: entry.key } }, headers: ifMatch(entry.version) }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'kv'] }),
  });
  return <ConfirmButton action={remove} label="Delete">“{entry.key}” is gone for good; workflows that read it find nothing.</ConfirmButton>;
}
