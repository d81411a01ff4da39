import { Group, PasswordInput, Select, TextInput } from '@mantine/core';
import type { CredentialType, SecretInput } from '../../api/schema';
import type { useFields } from '../../elements/fields';

export const emptySecret = {
  'secret.in': 'header', 'secret.name': '', 'secret.prefix': '', 'secret.value': '',
  'secret.token': '', 'secret.username': '', 'secret.password': '', 'secret.secret': '',
};

type SecretValues = typeof emptySecret;
type Fields = Pick<ReturnType<typeof useFields<SecretValues>>, 'values' | 'set' | 'bind'>;

/** The inputs of a type. They begin empty always: what is stored is not sent to browsers. */
export function SecretFields({ type, stored, fields }: { type: CredentialType; stored: boolean; fields: Fields }) {
  const placeholder = stored ? 'stored; type to replace' : undefined;
  const hidden = { autoComplete: 'new-password', placeholder, spellCheck: false };
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
  }
}

/** What was entered for that type; undefined if nothing was. */
export function secretOf(type: CredentialType, values: SecretValues): SecretInput | undefined {
  const filled = (secret: SecretInput) => (Object.values(secret).some(Boolean) ? secret : undefined);
  switch (type) {
    case 'api_key': {
      const secret = filled({ name: values['secret.name'], value: values['secret.value'], prefix: values['secret.prefix'] || null });
      return secret && { ...secret, in: values['secret.in'] === 'query' ? 'query' : 'header' };
    }
    case 'bearer': return filled({ token: values['secret.token'] });
    case 'basic': return filled({ username: values['secret.username'], password: values['secret.password'] });
    case 'hmac': return filled({ secret: values['secret.secret'] });
  }
}
