import { Button, Group, Stack, Table, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import { ApiProblem } from '../../api/problem';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { SecretOnce } from '../../elements/SecretOnce';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { RolesInput } from '../members/RolesInput';

export function Invitations() {
  const organization = useOrganization();
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<string>();
  const invitations = usePages([organization.slug, 'invitations'], (query) => body(api.GET('/v1/invitations', { params: { query } })));
  const mayWrite = organization.may('members:write');
  const invite = mayWrite && <Button onClick={() => setInviting(true)}>Invite</Button>;
  return (
    <Stack>
      {invite && invitations.items && invitations.items.length > 0 && <Group justify="flex-end">{invite}</Group>}
      <DataTable
        label="Invitations"
        pages={invitations}
        columns={['Address', 'Roles', 'State', 'Expires', '']}
        empty={<EmptyState title="Nobody is invited" action={invite}>An invitation is a link for one address; whoever accepts it becomes a member.</EmptyState>}
        row={(invitation) => (
          <Table.Tr key={invitation.id}>
            <Table.Td>{invitation.email}</Table.Td>
            <Table.Td>{invitation.roles.map((role) => role.replaceAll('_', ' ')).join(', ')}</Table.Td>
            <Table.Td><StateBadge state={invitation.state} /></Table.Td>
            <Table.Td><Time at={invitation.expires_at} /></Table.Td>
            <Table.Td ta="end">{mayWrite && invitation.state === 'open' && <RevokeInvitation id={invitation.id} email={invitation.email} />}</Table.Td>
          </Table.Tr>
        )}
      />
      {inviting && <Invite onClose={() => setInviting(false)} onInvited={setLink} />}
      <SecretOnce title="The invitation’s link" secret={link} onClose={() => setLink(undefined)}>Send it to the person you invited; it works once.</SecretOnce>
    </Stack>
  );
}

function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (link: string) => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [roles, setRoles] = useState<string[]>(['viewer']);
  const invite = useMutation({
    mutationFn: (invitation: { email: string; roles: string[] }) => body(api.POST('/v1/invitations', { body: invitation })),
    onSuccess: async (created) => {
      onClose();
      // Without a public address configured the link is a path of this origin.
      onInvited(new URL(created.link, window.location.origin).href);
      await client.invalidateQueries({ queryKey: [slug, 'invitations'] });
    },
  });
  const fields = useFields({ email: '' }, invite.error);
  const rolesFault = invite.error instanceof ApiProblem ? invite.error.fields.find((field) => field.pointer.startsWith('/roles'))?.message : undefined;
  return (
    <FormDialog opened onClose={onClose} title="Invite" submit="Invite" pending={invite.isPending} error={invite.error} shown={[...fields.shown, '/roles']} onSubmit={() => invite.mutate({ ...fields.values, roles })}>
      <TextInput label="E-mail" type="email" data-autofocus {...fields.bind('email')} />
      <RolesInput value={roles} onChange={setRoles} error={rolesFault} />
    </FormDialog>
  );
}

function RevokeInvitation({ id, email }: { id: string; email: string }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => api.DELETE('/v1/invitations/{id}', { params: { path: { id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'invitations'] }),
  });
  return <ConfirmButton action={revoke} label="Revoke">The link of {email} stops working.</ConfirmButton>;
}
