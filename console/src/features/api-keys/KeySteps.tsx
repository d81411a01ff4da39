import { Menu, Select, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { ApiKey } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

type Step = { entry: ApiKey; onClose: () => void };

const useKeysChanged = () => {
  const { slug } = useOrganization();
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [slug, 'api keys'] });
};

/** A new key in the place of this one; both work for a while. */
export function RotateDialog({ entry, onClose, onRotated }: Step & { onRotated: (key: string) => void }) {
  const changed = useKeysChanged();
  const [hours, setHours] = useState('24');
  const rotate = useMutation({
    mutationFn: () => body(api.POST('/v1/api-keys/{id}/rotate', { params: { path: { id: entry.id } }, body: { grace_hours: Number(hours) } })),
    onSuccess: async (created) => {
      onClose();
      onRotated(created.key);
      await changed();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title={`Rotate “${entry.name}”`} submit="Rotate" pending={rotate.isPending} error={rotate.error} onSubmit={() => rotate.mutate()}>
      <Text size="sm">The new key has the same scopes, networks and grants, and as long a life.</Text>
      <Select label="The old key works for another" allowDeselect={false} value={hours} onChange={(value) => value && setHours(value)}
        data={[{ value: '0', label: 'no time at all' }, { value: '1', label: 'hour' }, { value: '24', label: 'day' }, { value: '72', label: '3 days' }, { value: '168', label: '7 days' }]} />
    </FormDialog>
  );
}

export function SuspendDialog({ entry, onClose }: Step) {
  const changed = useKeysChanged();
  const suspend = useMutation({
    mutationFn: (request: { reason: string }) => body(api.POST('/v1/api-keys/{id}/suspend', { params: { path: { id: entry.id } }, body: request })),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  const fields = useFields({ reason: '' }, suspend.error);
  return (
    <FormDialog opened onClose={onClose} title={`Suspend “${entry.name}”`} submit="Suspend" pending={suspend.isPending} error={suspend.error} shown={fields.shown} onSubmit={() => suspend.mutate(fields.values)}>
      <Textarea label="Reason" description="It is shown here and kept in the audit. The key can be restored." dir="auto" autosize data-autofocus {...fields.bind('reason')} />
    </FormDialog>
  );
}

export function RestoreKey({ entry }: { entry: ApiKey }) {
  const changed = useKeysChanged();
  const restore = useMutation({
    mutationFn: () => body(api.POST('/v1/api-keys/{id}/restore', { params: { path: { id: entry.id } } })),
    onSuccess: async () => {
      sayDone('The key works again.');
      await changed();
    },
  });
  return <Menu.Item onClick={() => restore.mutate()}>Restore</Menu.Item>;
}

export function RevokeDialog({ entry, onClose }: Step) {
  const changed = useKeysChanged();
  const revoke = useMutation({
    mutationFn: () => api.POST('/v1/api-keys/{id}/revoke', { params: { path: { id: entry.id } } }),
    onSuccess: async () => {
      await changed();
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title="Revoke the key?" submit="Revoke" pending={revoke.isPending} error={revoke.error} onSubmit={() => revoke.mutate()}>
      <Text size="sm">Programs with “{entry.name}” are refused from now on, for good.</Text>
    </FormDialog>
  );
}
