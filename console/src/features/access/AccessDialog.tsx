import { ActionIcon, Alert, Checkbox, Group, Radio, Select, Stack, Table, Tabs, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { Access, AccessMode, NamedGrant, Right } from '../../api/schema';
import { FormDialog } from '../../elements/FormDialog';
import { Loaded } from '../../elements/Loaded';
import { useOrganization } from '../../shell/organization';
import { Reach } from './Reach';
import { rightsOf, type Resource } from './resource';
import { subjectKey, useSubjects } from './useSubjects';

/** Who reaches one workflow, folder, connector or credential, and on which rights. */
export function AccessDialog({ resource, onClose }: { resource: Resource; onClose: () => void }) {
  const { slug } = useOrganization();
  const access = useQuery({
    queryKey: [slug, 'access', resource.id],
    queryFn: () => body(api.GET(`/v1/${resource.kind}s/{id}/access`, { params: { path: { id: resource.id } } })),
    staleTime: 0,
  });
  return <Loaded query={access}>{(loaded) => <AccessForm key={loaded.revision} resource={resource} access={loaded} onClose={onClose} />}</Loaded>;
}

function AccessForm({ resource, access, onClose }: { resource: Resource; access: Access; onClose: () => void }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const [mode, setMode] = useState<AccessMode>(access.mode);
  const [grants, setGrants] = useState(access.grants);
  const mayWrite = organization.may('grants:write');
  const save = useMutation({
    mutationFn: () =>
      body(api.PUT(`/v1/${resource.kind}s/{id}/access`, {
        params: { path: { id: resource.id } },
        body: { mode, grants: grants.map(({ subject, rights }) => ({ subject, rights })) },
        headers: ifMatch(access.revision),
      })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [organization.slug] });
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} size="xl" title={`Access to ${resource.name}`} submit="Save" pending={save.isPending} error={save.error} onSubmit={() => save.mutate()} readOnly={!mayWrite}>
      <Tabs defaultValue="grants" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="grants">Grants</Tabs.Tab>
          <Tabs.Tab value="reach">Who reaches it</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="grants">
          <Stack>
            {access.inherited && <Inherited inherited={access.inherited} />}
            <Radio.Group label={`This ${resource.kind} is for`} value={mode} onChange={(next) => setMode(next as AccessMode)}>
              <Stack gap={6} mt={6}>
                <Radio value="everyone" label="everybody whose role allows it, and whom a grant names" disabled={!mayWrite} />
                <Radio value="selected" label="only whom a grant names (owners and admins always)" disabled={!mayWrite} />
              </Stack>
            </Radio.Group>
            <Grants grants={grants} rights={rightsOf(resource.kind)} onChange={setGrants} readOnly={!mayWrite} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="reach"><Reach kind={resource.kind} id={resource.id} /></Tabs.Panel>
      </Tabs>
    </FormDialog>
  );
}

function Inherited({ inherited }: { inherited: NonNullable<Access['inherited']> }) {
  return (
    <Alert color="gray" title={`From the folder “${inherited.folder_name}”`}>
      {inherited.mode === 'selected' ? 'Only whom a grant names reaches it.' : 'Everybody whose role allows it.'}
      {inherited.grants.map((grant) => <Text key={subjectKey(grant.subject)} size="sm" dir="auto">{grant.name}: {grant.rights.join(', ')}</Text>)}
    </Alert>
  );
}

function Grants({ grants, rights, onChange, readOnly }: { grants: NamedGrant[]; rights: Right[]; onChange: (grants: NamedGrant[]) => void; readOnly: boolean }) {
  const subjects = useSubjects();
  const granted = new Set(grants.map((grant) => subjectKey(grant.subject)));
  const add = (key: string | null) => {
    const found = subjects.find((subject) => subject.key === key);
    if (found) onChange([...grants, { subject: found.subject, name: found.name, rights: ['view'] }]);
  };
  const toggle = (grant: NamedGrant, right: Right) =>
    onChange(grants.map((other) => (other !== grant ? other : { ...grant, rights: grant.rights.includes(right) ? grant.rights.filter((r) => r !== right) : [...grant.rights, right] })));
  return (
    <Stack gap="xs">
      {grants.length > 0 && (
        <Table aria-label="Grants">
          <Table.Thead><Table.Tr><Table.Th scope="col">To</Table.Th><Table.Th scope="col">Rights</Table.Th><Table.Th /></Table.Tr></Table.Thead>
          <Table.Tbody>
            {grants.map((grant) => (
              <Table.Tr key={subjectKey(grant.subject)}>
                <Table.Td><Text size="sm" dir="auto">{grant.name}</Text><Text size="xs" c="dimmed">{grant.subject.kind.replace('_', ' ')}</Text></Table.Td>
                <Table.Td>
                  <Group gap="md">
                    {rights.map((right) => (
                      <Checkbox key={right} label={right} aria-label={`${grant.name} may ${right}`} checked={grant.rights.includes(right)} disabled={readOnly} onChange={() => toggle(grant, right)} />
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>
                  {!readOnly && (
                    <ActionIcon variant="subtle" color="red" aria-label={`Remove the grant to ${grant.name}`} onClick={() => onChange(grants.filter((other) => other !== grant))}><IconTrash size={16} aria-hidden /></ActionIcon>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {!readOnly && (
        <Select label="Grant to" placeholder="a member, group or API key" searchable value={null} onChange={add} nothingFoundMessage="Nobody of that name"
          data={subjects.filter((subject) => !granted.has(subject.key)).map((subject) => ({ value: subject.key, label: subject.name }))} />
      )}
    </Stack>
  );
}
