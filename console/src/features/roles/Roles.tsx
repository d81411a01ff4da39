import { Badge, Button, Group, MultiSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { Role } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { Loaded } from '../../elements/Loaded';
import { useMe } from '../../shell/me';
import { useOrganization } from '../../shell/organization';

/** Built-in roles and the organization's own, with what they allow. */
export function Roles() {
  const organization = useOrganization();
  const [edited, setEdited] = useState<Role | 'new'>();
  const roles = useQuery({ queryKey: [organization.slug, 'roles'], queryFn: () => body(api.GET('/v1/roles')) });
  const mayWrite = organization.may('roles:write');
  return (
    <Stack>
      {mayWrite && <Group justify="flex-end"><Button onClick={() => setEdited('new')}>New role</Button></Group>}
      <Loaded query={roles}>
        {(loaded) => (
          <Table.ScrollContainer minWidth={560} type="native" tabIndex={0} role="region" aria-label="Roles">
            <Table verticalSpacing="sm" aria-label="Roles">
              <Table.Thead><Table.Tr>{['Role', 'Allows', ''].map((column) => <Table.Th key={column} scope="col" fz="xs" c="dimmed">{column}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {loaded.items.map((role) => (
                  <Table.Tr key={role.name}>
                    <Table.Td>
                      <Text size="sm" fw={500}>{role.name.replaceAll('_', ' ')}</Text>
                      <Text size="xs" c="dimmed" dir="auto">{role.built_in ? 'built in' : role.description}</Text>
                    </Table.Td>
                    <Table.Td><Group gap={4}>{role.permissions.map((permission) => <Badge key={permission} variant="light" color="gray" tt="none">{permission}</Badge>)}</Group></Table.Td>
                    <Table.Td>
                      {mayWrite && !role.built_in && (
                        <Group gap="xs" justify="flex-end" wrap="nowrap">
                          <Button size="xs" variant="default" onClick={() => setEdited(role)} aria-label={`Edit the role ${role.name}`}>Edit</Button>
                          <DeleteRole role={role} />
                        </Group>
                      )}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
      </Loaded>
      {edited && <RoleDialog role={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function RoleDialog({ role, onClose }: { role?: Role; onClose: () => void }) {
  const { slug } = useOrganization();
  const me = useMe();
  const client = useQueryClient();
  const own = me.data?.organizations.find((one) => one.slug === slug)?.permissions ?? [];
  const [permissions, setPermissions] = useState(role?.permissions ?? []);
  const save = useMutation({
    mutationFn: ({ name, description }: { name: string; description: string }) =>
      body(role
        ? api.PUT('/v1/roles/{name}', { params: { path: { name: role.name } }, body: { description, permissions }, headers: ifMatch(role.revision) })
        : api.POST('/v1/roles', { body: { name, description, permissions } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'roles'] });
      onClose();
    },
  });
  const fields = useFields({ name: role?.name ?? '', description: role?.description ?? '' }, save.error);
  return (
    <FormDialog opened onClose={onClose} title={role ? `The role ${role.name}` : 'New role'} submit={role ? 'Save' : 'Create'} pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={() => save.mutate(fields.values)}>
      <TextInput label="Name" description="a–z, 0–9 and _; it stays." readOnly={role !== undefined} data-autofocus {...fields.bind('name')} />
      <TextInput label="Description" dir="auto" {...fields.bind('description')} />
      <MultiSelect label="Permissions" description="Nobody puts into a role what they lack." data={[...new Set([...own, ...permissions])].sort()} value={permissions} onChange={setPermissions} searchable />
    </FormDialog>
  );
}

function DeleteRole({ role }: { role: Role }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/roles/{name}', { params: { path: { name: role.name } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'roles'] }),
  });
  return <ConfirmButton action={remove} label="Delete">A role that nobody has any more is deleted for good.</ConfirmButton>;
}
