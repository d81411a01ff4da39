import { Select, TextInput, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { Credential, CredentialType, SecretInput } from '../../api/schema';
import { entries, useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';
import { SecretFields } from './SecretFields';
import { emptySecret, secretOf } from './secretValues';

const types: { value: CredentialType; label: string }[] = [
  { value: 'bearer', label: 'Bearer token' },
  { value: 'api_key', label: 'API key' },
  { value: 'basic', label: 'User name and password' },
  { value: 'hmac', label: 'HMAC secret (inbound webhooks)' },
  { value: 'standard_webhooks', label: 'Standard Webhooks secret (inbound webhooks)' },
  { value: 'oidc_client_credentials', label: 'OAuth client (client credentials)' },
  { value: 'private_key_jwt', label: 'OAuth client with a private key' },
  { value: 'oauth2', label: 'OAuth accounts (people connect theirs)' },
  { value: 'aws_sigv4', label: 'AWS access key' },
  { value: 'mtls', label: 'Client certificate' },
  { value: 'postgresql', label: 'PostgreSQL database' },
  { value: 'smtp', label: 'Mail server (SMTP)' },
  { value: 'imap', label: 'Mailbox (IMAP)' },
];

interface Entered {
  name: string;
  description: string;
  hosts: string[];
  secret: SecretInput | undefined;
}

/** A new credential, or another description, hosts and maybe secret. An empty secret keeps the stored one. */
export function CredentialDialog({ credential, onClose }: { credential?: Credential; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [type, setType] = useState<CredentialType>(credential?.type ?? 'bearer');
  const save = useMutation({
    mutationFn: ({ name, description, hosts, secret }: Entered) =>
      credential
        ? body(api.PUT('/v1/credentials/{id}', { params: { path: { id: credential.id } }, body: { description, allowed_hosts: hosts, secret: secret ?? null }, headers: ifMatch(credential.version) }))
        : body(api.POST('/v1/credentials', { body: { name, type, description, allowed_hosts: hosts, secret: secret ?? {} } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'credentials'] });
      onClose();
    },
  });
  const fields = useFields({ name: credential?.name ?? '', description: credential?.description ?? '', allowed_hosts: credential?.allowed_hosts.join('\n') ?? '', ...emptySecret }, save.error);
  const submit = () => save.mutate({ name: fields.values.name, description: fields.values.description, hosts: entries(fields.values.allowed_hosts), secret: secretOf(type, fields.values) });
  return (
    <FormDialog opened onClose={onClose} title={credential ? `Edit ${credential.name}` : 'New credential'} submit="Save" size="lg" pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={submit}>
      {!credential && (
        <>
          <TextInput label="Name" description="Connectors and workflows refer to it by this name: a–z, 0–9, _ and -." data-autofocus {...fields.bind('name')} />
          <Select label="Type" allowDeselect={false} data={types} value={type} onChange={(value) => value && setType(value)} />
        </>
      )}
      <TextInput label="Description" dir="auto" {...fields.bind('description')} />
      <Textarea label="Allowed hosts" description="One a line; the secret goes nowhere else. A new host needs the secret again." placeholder="erp.example.com" autosize minRows={2} {...fields.bind('allowed_hosts')} />
      <SecretFields type={type} stored={credential !== undefined} fields={fields} />
    </FormDialog>
  );
}
