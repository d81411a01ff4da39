import { Button, Group as Row, MultiSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { everything, usePages } from '../../api/pages';
import type { Group, Member } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';
import { RolesInput } from '../members/RolesInput';

/** Named sets of members, for reviews, grants and roles. */
export function Groups() {
  const organization = useOrganization();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Group>();
  const [given, setGiven] = useState<Group>();
  const groups = usePages([organization.slug, 'groups'], (query) => body(api.GET('/v1/groups', { params: { query } })));
  const members = useQuery({ queryKey: [organization.slug, 'members', 'all'], queryFn: () => everything((query) => body(api.GET('/v1/members', { params: { query } }))) });
  const mayWrite = organization.may('members:write');
  const add = mayWrite && <Button onClick={() => setAdding(true)}>New group</Button>;
  const names = (group: Group) => group.user_ids.map((id) => members.data?.find((member) => member.user_id === id)?.display_name ?? id).join(', ');
  return (
    <Stack>
      {add && groups.items && groups.items.length > 0 && <Row justify="flex-end">{add}</Row>}
      <DataTable
        label="Groups"
        pages={groups}
        columns={['Name', 'Members', 'Roles', '']}
        empty={<EmptyState title="No group yet" action={add}>A group is a name for several members; a review can ask a group, a grant can name it, and its roles are everybody's in it.</EmptyState>}
        row={(group) => (
          <Table.Tr key={group.id}>
            <Table.Td fw={500} dir="auto">{group.name}</Table.Td>
            <Table.Td dir="auto">{names(group) || <Text span size="sm" c="dimmed">nobody yet</Text>}</Table.Td>
            <Table.Td>{group.roles.map((role) => role.replaceAll('_', ' ')).join(', ')}</Table.Td>
            <Table.Td>
              {mayWrite && (
                <Row gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => setEdited(group)} aria-label={`Members of ${group.name}`}>Members</Button>
                  <Button size="xs" variant="default" onClick={() => setGiven(group)} aria-label={`Roles of ${group.name}`}>Roles</Button>
                  <DeleteGroup group={group} />
                </Row>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {adding && <NewGroup onClose={() => setAdding(false)} />}
      {edited && <GroupMembers group={edited} members={members.data ?? []} onClose={() => setEdited(undefined)} />}
      {given && <GroupRoles group={given} onClose={() => setGiven(undefined)} />}
    </Stack>
  );
}

function NewGroup({ onClose }: { onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: (group: { name: string }) => body(api.POST('/v1/groups', { body: group })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'groups'] });
      onClose();
    },
  });
  const fields = useFields({ name: '' }, create.error);
  return (
    <FormDialog opened onClose={onClose} title="New group" submit="Create" pending={create.isPending} error={create.error} shown={fields.shown} onSubmit={() => create.mutate(fields.values)}>
      <TextInput label="Name" dir="auto" data-autofocus {...fields.bind('name')} />
    </FormDialog>
  );
}

function GroupMembers({ group, members, onClose }: { group: Group; members: Member[]; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [chosen, setChosen] = useState(group.user_ids);
  const save = useMutation({
    mutationFn: () => api.PUT('/v1/groups/{id}/members', { params: { path: { id: group.id } }, body: { user_ids: chosen } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'groups'] });
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title={`Members of ${group.name}`} submit="Save" pending={save.isPending} error={save.error} onSubmit={() => save.mutate()}>
      <MultiSelect label="Members" searchable data={members.map((member) => ({ value: member.user_id, label: `${member.display_name} (${member.email})` }))} value={chosen} onChange={setChosen} />
    </FormDialog>
  );
}

function GroupRoles({ group, onClose }: { group: Group; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [roles, setRoles] = useState(group.roles);
  const save = useMutation({
    mutationFn: () => api.PUT('/v1/groups/{id}/roles', { params: { path: { id: group.id } }, body: { roles } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'groups'] });
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title={`Roles of everybody in ${group.name}`} submit="Save" pending={save.isPending} error={save.error} onSubmit={() => save.mutate()}>
      <RolesInput value={roles} onChange={setRoles} without={['owner', 'none']} />
    </FormDialog>
  );
}

function DeleteGroup({ group }: { group: Group }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/groups/{id}', { params: { path: { id: group.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'groups'] }),
  });
  return <ConfirmButton action={remove} label="Delete">Reviews that ask “{group.name}” can then be decided by nobody of it.</ConfirmButton>;
}
