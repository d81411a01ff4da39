import { Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Member } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { FormDialog } from '../../elements/FormDialog';
import { Time } from '../../elements/Time';
import { useMe } from '../../shell/me';
import { useOrganization } from '../../shell/organization';
import { RolesInput } from './RolesInput';

export function Members() {
  const organization = useOrganization();
  const me = useMe();
  const [edited, setEdited] = useState<Member>();
  const members = usePages([organization.slug, 'members'], (query) => body(api.GET('/v1/members', { params: { query } })));
  const mayWrite = organization.may('members:write');
  return (
    <>
      <DataTable
        label="Members"
        pages={members}
        columns={['Name', 'Roles', 'Since', '']}
        empty={<EmptyState title="No members">Invite somebody.</EmptyState>}
        row={(member) => (
          <Table.Tr key={member.user_id}>
            <Table.Td>
              <Text size="sm" fw={500} dir="auto">{member.display_name}{member.user_id === me.data?.user_id && ' (you)'}</Text>
              <Text size="xs" c="dimmed">{member.email}</Text>
            </Table.Td>
            <Table.Td>{member.roles.map((role) => role.replaceAll('_', ' ')).join(', ')}</Table.Td>
            <Table.Td><Time at={member.created_at} /></Table.Td>
            <Table.Td>
              {mayWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => setEdited(member)} aria-label={`Change the roles of ${member.display_name}`}>Roles</Button>
                  <RemoveMember member={member} />
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {edited && <RolesDialog member={edited} onClose={() => setEdited(undefined)} />}
    </>
  );
}

function RolesDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [roles, setRoles] = useState(member.roles);
  const save = useMutation({
    mutationFn: () => body(api.PUT('/v1/members/{user_id}', { params: { path: { user_id: member.user_id } }, body: { roles } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'members'] });
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title={`Roles of ${member.display_name}`} submit="Save" pending={save.isPending} error={save.error} onSubmit={() => save.mutate()}>
      <RolesInput value={roles} onChange={setRoles} />
    </FormDialog>
  );
}

function RemoveMember({ member }: { member: Member }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/members/{user_id}', { params: { path: { user_id: member.user_id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'members'] }),
  });
  return <ConfirmButton action={remove} label="Remove">{member.display_name} loses every right in this organization at once. What they did stays in the audit.</ConfirmButton>;
}
