import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { ApiProblem } from '../../api/problem';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

const day = 86_400_000;

/** A key within the creator's own permissions. */
export function NewApiKey({ onClose, onCreated }: { onClose: () => void; onCreated: (key: string) => void }) {
  const { slug, permissions } = useOrganization();
  const client = useQueryClient();
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState('90');
  const create = useMutation({
    mutationFn: (name: string) => body(api.POST('/v1/api-keys', { body: { name, scopes, expires_at: new Date(Date.now() + Number(days) * day).toISOString() } })),
    onSuccess: async (created) => {
      onClose();
      onCreated(created.key);
      await client.invalidateQueries({ queryKey: [slug, 'api keys'] });
    },
  });
  const fields = useFields({ name: '' }, create.error);
  const scopesFault = create.error instanceof ApiProblem ? create.error.fields.find((field) => field.pointer.startsWith('/scopes'))?.message : undefined;
  return (
    <FormDialog opened onClose={onClose} title="New API key" submit="Create" pending={create.isPending} error={create.error} shown={[...fields.shown, '/scopes']} onSubmit={() => create.mutate(fields.values.name)}>
      <TextInput label="Name" description="What will use it." dir="auto" data-autofocus {...fields.bind('name')} />
      <MultiSelect label="Scopes" description="What it may do; nothing that you may not." data={permissions} value={scopes} onChange={setScopes} error={scopesFault} searchable />
      <Select label="Expires after" allowDeselect={false} value={days} onChange={(value) => value && setDays(value)} data={[{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '365', label: '1 year' }]} />
    </FormDialog>
  );
}
