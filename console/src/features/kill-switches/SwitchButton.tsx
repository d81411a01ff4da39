import { Button, Text, Textarea } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { FormDialog } from '../../elements/FormDialog';
import { useFields } from '../../elements/fields';
import { useOrganization } from '../../shell/organization';

/** What a switch is of. */
export type Switched = { kind: 'api' | 'hooks' } | { kind: 'workflow'; id: string };

/** Switches off or on again, once a reason is given. */
export function SwitchButton({ of, name, off, stops }: { of: Switched; name: string; off: boolean; stops: string }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const [opened, dialog] = useDisclosure();
  const change = useMutation({
    mutationFn: (request: { off: boolean; reason: string }) =>
      body(
        of.kind === 'workflow' ? api.PUT('/v1/workflows/{id}/kill-switch', { params: { path: { id: of.id } }, body: request })
          : of.kind === 'api' ? api.PUT('/v1/kill-switches/api', { body: request })
            : api.PUT('/v1/kill-switches/hooks', { body: request }),
      ),
    onSuccess: (switches) => {
      client.setQueryData([organization.slug, 'kill-switches'], switches);
      fields.set('reason', '');
      dialog.close();
    },
  });
  const fields = useFields({ reason: '' }, change.error);
  if (!organization.may('organization:write')) return null;
  return (
    <>
      <Button size="xs" variant={off ? 'filled' : 'default'} aria-label={off ? `Lift the switch of ${name}` : `Switch ${name} off`} onClick={dialog.open}>{off ? 'Lift the switch' : 'Switch off'}</Button>
      <FormDialog
        opened={opened} onClose={dialog.close} title={off ? `Lift the switch of ${name}?` : `Switch ${name} off?`} submit={off ? 'Lift the switch' : 'Switch off'}
        pending={change.isPending} error={change.error} shown={fields.shown} onSubmit={() => change.mutate({ off: !off, reason: fields.values.reason })}
      >
        <Text size="sm">{off ? 'It is served again within a second.' : `${stops} It holds on every server within a second.`}</Text>
        <Textarea label="Reason" description="Shown here and kept in the audit." required maxLength={500} autosize minRows={2} {...fields.bind('reason')} />
      </FormDialog>
    </>
  );
}
