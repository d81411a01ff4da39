import { JsonInput, Loader, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { KvEntry, KvEntryValue } from '../../api/schema';
import { entries, useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

/** A new entry, or another value of one. A secret's value begins empty always: what is stored is not sent to browsers. */
export function EntryDialog({ scope, entry, readOnly, onClose }: { scope: string; entry?: KvEntry; readOnly: boolean; onClose: () => void }) {
  const { slug } = useOrganization();
  const stored = useQuery({
    queryKey: [slug, 'kv', scope, 'entry', entry?.key, entry?.version],
    queryFn: () => body(api.GET('/v1/kv/{scope}/{key}', { params: { path: { scope, key: entry!.key } } })),
    enabled: entry !== undefined && !entry.is_secret,
    gcTime: 0,
  });
  if (stored.isError) return <ProblemAlert error={stored.error} />;
  if (stored.isLoading) return <Loader aria-label="Loading" />;
  return <EntryForm scope={scope} entry={entry} stored={stored.data} readOnly={readOnly} onClose={onClose} />;
}

function EntryForm({ scope, entry, stored, readOnly, onClose }: { scope: string; entry?: KvEntry; stored?: KvEntryValue; readOnly: boolean; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [fault, setFault] = useState<string>();
  const version = stored?.version ?? entry?.version;
  const save = useMutation({
    mutationFn: ({ key, value, hosts, seconds }: { key: string; value: unknown; hosts: string[]; seconds: string }) =>
      body(api.PUT('/v1/kv/{scope}/{key}', {
        params: { path: { scope, key } },
        body: { value, ttl_seconds: seconds ? Number(seconds) : null, allowed_hosts: hosts.length > 0 ? hosts : null },
        headers: version === undefined ? { 'If-None-Match': '*' } : ifMatch(version),
      })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'kv'] });
      onClose();
    },
  });
  const fields = useFields({ key: entry?.key ?? '', value: stored ? JSON.stringify(stored.value, null, 2) : '', allowed_hosts: entry?.allowed_hosts?.join('\n') ?? '', ttl_seconds: '' }, save.error);
  const isSecret = fields.values.key.startsWith('secret:');
  const submit = () => {
    try {
      const value: unknown = isSecret ? fields.values.value : JSON.parse(fields.values.value);
      setFault(undefined);
      save.mutate({ key: fields.values.key, value, hosts: isSecret ? entries(fields.values.allowed_hosts) : [], seconds: fields.values.ttl_seconds });
    } catch {
      setFault('This is not JSON; text stands in quotes.');
    }
  };
  const value = fields.bind('value');
  return (
    <FormDialog opened onClose={onClose} title={entry ? entry.key : 'New entry'} submit={readOnly ? 'Close' : 'Save'} size="lg" pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={readOnly ? onClose : submit}>
      {!entry && <TextInput label="Key" description="Letters, digits and . _ : -. A name that begins with secret: is written and used, and never shown again." data-autofocus {...fields.bind('key')} />}
      {isSecret ? (
        <>
          <PasswordInput label="Secret" autoComplete="new-password" spellCheck={false} {...value} />
          <Textarea label="Allowed hosts" description="One a line; the secret goes nowhere else." placeholder="api.example.com" autosize minRows={2} {...fields.bind('allowed_hosts')} />
        </>
      ) : (
        <JsonInput label="Value" description="JSON" autosize minRows={4} maxRows={20} spellCheck={false} readOnly={readOnly} value={fields.values.value} onChange={(text) => fields.set('value', text)} error={fault ?? value.error} />
      )}
      {!readOnly && <TextInput label="Seconds to live" description="Empty: it stays." inputMode="numeric" {...fields.bind('ttl_seconds')} />}
    </FormDialog>
  );
}
