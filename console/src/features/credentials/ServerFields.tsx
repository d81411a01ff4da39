import { Group, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import type { SecretForm } from './secretValues';

const ports = { postgresql: '5432', smtp: '465', imap: '993' };

/** Which server, and how to sign in to it. */
export function ServerFields({ type, placeholder, fields }: {
  type: 'postgresql' | 'smtp' | 'imap';
  placeholder: string | undefined;
  fields: SecretForm;
}) {
  return (
    <>
      <Group grow align="flex-start">
        <TextInput label="Host" placeholder={placeholder ?? 'db.example.com'} {...fields.bind('secret.host')} />
        <TextInput label="Port" inputMode="numeric" placeholder={placeholder ?? ports[type]} {...fields.bind('secret.port')} />
        {type === 'postgresql'
          ? <TextInput label="Database" placeholder={placeholder} {...fields.bind('secret.database')} />
          : <Select label="Security" allowDeselect={false} data={[{ value: 'tls', label: 'TLS' }, { value: 'starttls', label: 'STARTTLS' }]} value={fields.values['secret.security']} onChange={(value) => value && fields.set('secret.security', value)} />}
      </Group>
      {type === 'smtp' && <TextInput label="From" placeholder={placeholder ?? 'Clerk <clerk@example.com>'} {...fields.bind('secret.from')} />}
      <Group grow align="flex-start">
        <TextInput label="User name" autoComplete="off" placeholder={placeholder} {...fields.bind('secret.username')} />
        <PasswordInput label="Password" autoComplete="new-password" spellCheck={false} placeholder={placeholder} {...fields.bind('secret.password')} />
      </Group>
      <Textarea label="Authorities" description="Certificates in PEM that the server's is verified by; empty for the system's." autosize minRows={2} maxRows={6} spellCheck={false} {...fields.bind('secret.ca')} />
    </>
  );
}
