import { MultiSelect, Select, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { everything } from '../../api/pages';
import { ApiProblem } from '../../api/problem';
import { entries, useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

const day = 86_400_000;

/** A key within the creator's own permissions. */
export function NewApiKey({ onClose, onCreated }: { onClose: () => void; onCreated: (key: string) => void }) {
  const { slug, permissions } = useOrganization();
  const client = useQueryClient();
  const [scopes, setScopes] = useState<string[]>([]);
  const [days, setDays] = useState('90');
  const [account, setAccount] = useState<string | null>(null);
  const accounts = useQuery({ queryKey: [slug, 'service accounts'], queryFn: () => everything((query) => body(api.GET('/v1/service-accounts', { params: { query } }))) });
  const create = useMutation({
    mutationFn: ({ name, networks }: { name: string; networks: string }) =>
      body(api.POST('/v1/api-keys', { body: { name, scopes, expires_at: new Date(Date.now() + Number(days) * day).toISOString(), networks: entries(networks), service_account_id: account, for_tests: false } })),
    onSuccess: async (created) => {
      onClose();
      onCreated(created.key);
      await client.invalidateQueries({ queryKey: [slug, 'api keys'] });
    },
  });
  const fields = useFields({ name: '', networks: '' }, create.error);
  const scopesFault = create.error instanceof ApiProblem ? create.error.fields.find((field) => field.pointer.startsWith('/scopes'))?.message : undefined;
  return (
    <FormDialog opened onClose={onClose} title="New API key" submit="Create" pending={create.isPending} error={create.error} shown={[...fields.shown, '/scopes']} onSubmit={() => create.mutate(fields.values)}>
      <TextInput label="Name" description="What will use it." dir="auto" data-autofocus {...fields.bind('name')} />
      <MultiSelect label="Scopes" description="What it may do; nothing that you may not." data={permissions} value={scopes} onChange={setScopes} error={scopesFault} searchable />
      <Select label="Expires after" allowDeselect={false} value={days} onChange={(value) => value && setDays(value)} data={[{ value: '7', label: '7 days' }, { value: '30', label: '30 days' }, { value: '90', label: '90 days' }, { value: '365', label: '1 year' }]} />
      <Textarea label="Networks" description="Addresses or ranges that it is taken from, one a line. None: from anywhere." placeholder={'203.0.113.0/24\n2001:db8::/32'} autosize minRows={2} {...fields.bind('networks')} />
      {accounts.data && accounts.data.length > 0 && (
        <Select label="Service account" description="The key then may only what the account's roles allow too." clearable placeholder="none" value={account} onChange={setAccount} data={accounts.data.map((one) => ({ value: one.id, label: one.name }))} />
      )}
    </FormDialog>
  );
}
