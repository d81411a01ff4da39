import { Group, PasswordInput, Select, Text, TextInput, Textarea } from '@mantine/core';
import type { CredentialType } from '../../api/schema';
import { ServerFields } from './ServerFields';
import type { SecretForm } from './secretValues';

/** The inputs of a type. They begin empty always: what is stored is not sent to browsers. */
export function SecretFields({ type, stored, fields }: { type: CredentialType; stored: boolean; fields: SecretForm }) {
  const placeholder = stored ? 'stored; type to replace' : undefined;
  const hidden = { autoComplete: 'new-password', placeholder, spellCheck: false };
  const pem = { autosize: true, minRows: 3, maxRows: 8, spellCheck: false, autoComplete: 'off', styles: { input: { fontFamily: 'monospace' } } };
  switch (type) {
    case 'api_key':
      return (
        <>
          <Group grow align="flex-start">
            <Select label="Sent in" allowDeselect={false} data={['header', 'query']} value={fields.values['secret.in']} onChange={(place) => place && fields.set('secret.in', place)} />
            <TextInput label="Name of the header or parameter" placeholder={stored ? placeholder : 'X-API-Key'} {...fields.bind('secret.name')} />
            <TextInput label="Prefix" placeholder="none" {...fields.bind('secret.prefix')} />
          </Group>
          <PasswordInput label="Value" {...hidden} {...fields.bind('secret.value')} />
        </>
      );
    case 'bearer':
      return <PasswordInput label="Token" {...hidden} {...fields.bind('secret.token')} />;
    case 'basic':
      return (
        <Group grow align="flex-start">
          <TextInput label="User name" autoComplete="off" placeholder={placeholder} {...fields.bind('secret.username')} />
          <PasswordInput label="Password" {...hidden} {...fields.bind('secret.password')} />
        </Group>
      );
    case 'hmac':
      return <PasswordInput label="Secret" description="At least 32 characters." {...hidden} {...fields.bind('secret.secret')} />;
    case 'standard_webhooks':
      return <PasswordInput label="Secret" description="whsec_ and base64, as the sender shows it." {...hidden} {...fields.bind('secret.secret')} />;
    case 'oidc_client_credentials':
      return (
        <>
          <ClientFields placeholder={placeholder} fields={fields} />
          <Group grow align="flex-start">
            <PasswordInput label="Client secret" {...hidden} {...fields.bind('secret.client_secret')} />
            <Select
              label="Sent" allowDeselect={false} data={[{ value: 'client_secret_basic', label: 'in the header (basic)' }, { value: 'client_secret_post', label: 'in the body (post)' }]}
              value={fields.values['secret.client_authentication']} onChange={(place) => place && fields.set('secret.client_authentication', place)}
            />
          </Group>
        </>
      );
    case 'private_key_jwt':
      return (
        <>
          <ClientFields placeholder={placeholder} fields={fields} />
          <Group grow align="flex-start">
            <Select label="Algorithm" allowDeselect={false} data={['rs256', 'ps256', 'es256']} value={fields.values['secret.algorithm']} onChange={(algorithm) => algorithm && fields.set('secret.algorithm', algorithm)} />
            <TextInput label="Key id" placeholder="none" {...fields.bind('secret.key_id')} />
          </Group>
          <Textarea label="Private key" placeholder={placeholder ?? '-----BEGIN PRIVATE KEY-----'} {...pem} {...fields.bind('secret.private_key')} />
        </>
      );
    case 'oauth2':
      return (
        <>
          <TextInput label="Issuer" description="Its addresses are found by discovery." placeholder={placeholder ?? 'https://login.example.com'} {...fields.bind('secret.issuer')} />
          <TextInput label="Authorization address" description="With the token address, instead of discovery." placeholder={placeholder} {...fields.bind('secret.authorization_url')} />
          <Group grow align="flex-start">
            <TextInput label="Token address" placeholder={placeholder} {...fields.bind('secret.token_url')} />
            <TextInput label="Revocation address" placeholder="none" {...fields.bind('secret.revocation_url')} />
          </Group>
          <Group grow align="flex-start">
            <TextInput label="Client id" autoComplete="off" placeholder={placeholder} {...fields.bind('secret.client_id')} />
            <PasswordInput label="Client secret" {...hidden} {...fields.bind('secret.client_secret')} />
          </Group>
          <TextInput label="Scope" placeholder="none" {...fields.bind('secret.scope')} />
          <Text size="sm" c="dimmed">The provider has to send browsers back to {window.location.origin}/connect.</Text>
        </>
      );
    case 'aws_sigv4':
      return (
        <>
          <Group grow align="flex-start">
            <TextInput label="Access key id" autoComplete="off" placeholder={placeholder} {...fields.bind('secret.access_key_id')} />
            <PasswordInput label="Secret access key" {...hidden} {...fields.bind('secret.secret_access_key')} />
          </Group>
          <PasswordInput label="Session token" {...hidden} placeholder="none" {...fields.bind('secret.session_token')} />
          <Group grow align="flex-start">
            <TextInput label="Region" placeholder="eu-central-1" {...fields.bind('secret.region')} />
            <TextInput label="Service" placeholder="execute-api" {...fields.bind('secret.service')} />
          </Group>
        </>
      );
    case 'postgresql':
    case 'smtp':
    case 'imap':
      return <ServerFields type={type} placeholder={placeholder} fields={fields} />;
    case 'mtls':
      return (
        <>
          <Textarea label="Certificate" description="PEM, its chain after it." placeholder={placeholder ?? '-----BEGIN CERTIFICATE-----'} {...pem} {...fields.bind('secret.certificate')} />
          <Textarea label="Private key" placeholder={placeholder ?? '-----BEGIN PRIVATE KEY-----'} {...pem} {...fields.bind('secret.private_key')} />
        </>
      );
  }
}

/** Which authorization server gives the tokens, to which client. */
function ClientFields({ placeholder, fields }: { placeholder: string | undefined; fields: SecretForm }) {
  return (
    <>
      <TextInput label="Issuer" description="Its token endpoint is found by discovery." placeholder={placeholder ?? 'https://login.example.com'} {...fields.bind('secret.issuer')} />
      <TextInput label="Token endpoint" description="Instead of the issuer." placeholder={placeholder} {...fields.bind('secret.token_url')} />
      <TextInput label="Client id" autoComplete="off" placeholder={placeholder} {...fields.bind('secret.client_id')} />
      <Group grow align="flex-start">
        <TextInput label="Scope" placeholder="none" {...fields.bind('secret.scope')} />
        <TextInput label="Audience" placeholder="none" {...fields.bind('secret.audience')} />
      </Group>
    </>
  );
}
