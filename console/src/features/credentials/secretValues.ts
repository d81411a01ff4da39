import type { CredentialType, SecretInput } from '../../api/schema';
import type { useFields } from '../../elements/fields';

export const emptySecret = {
  'secret.in': 'header', 'secret.name': '', 'secret.prefix': '', 'secret.value': '',
  'secret.token': '', 'secret.username': '', 'secret.password': '', 'secret.secret': '',
  'secret.issuer': '', 'secret.token_url': '', 'secret.client_id': '', 'secret.client_secret': '', 'secret.client_authentication': 'client_secret_basic', 'secret.authorization_url': '', 'secret.revocation_url': '',
  'secret.scope': '', 'secret.audience': '', 'secret.algorithm': 'rs256', 'secret.key_id': '',
  'secret.access_key_id': '', 'secret.secret_access_key': '', 'secret.session_token': '', 'secret.region': '', 'secret.service': '',
  'secret.certificate': '', 'secret.private_key': '',
  'secret.host': '', 'secret.port': '', 'secret.database': '', 'secret.security': 'tls', 'secret.from': '', 'secret.ca': '',
};

type SecretValues = typeof emptySecret;

/** A form's fields of a secret. */
export type SecretForm = Pick<ReturnType<typeof useFields<SecretValues>>, 'values' | 'set' | 'bind'>;

/** What was entered for that type; undefined if nothing was. */
export function secretOf(type: CredentialType, values: SecretValues): SecretInput | undefined {
  const filled = (secret: SecretInput, always: SecretInput = {}) => (Object.values(secret).some(Boolean) ? { ...secret, ...always } : undefined);
  switch (type) {
    case 'api_key': {
      const secret = filled({ name: values['secret.name'], value: values['secret.value'], prefix: values['secret.prefix'] || null });
      return secret && { ...secret, in: values['secret.in'] === 'query' ? 'query' : 'header' };
    }
    case 'bearer': return filled({ token: values['secret.token'] });
    case 'basic': return filled({ username: values['secret.username'], password: values['secret.password'] });
    case 'hmac':
    case 'standard_webhooks': return filled({ secret: values['secret.secret'] });
    case 'oidc_client_credentials': {
      const secret = filled({ ...client(values), client_secret: values['secret.client_secret'] });
      return secret && { ...secret, client_authentication: values['secret.client_authentication'] === 'client_secret_post' ? 'client_secret_post' : 'client_secret_basic' };
    }
    case 'private_key_jwt': {
      const secret = filled({ ...client(values), private_key: values['secret.private_key'], key_id: values['secret.key_id'] || null });
      const algorithm = values['secret.algorithm'];
      return secret && { ...secret, algorithm: algorithm === 'ps256' || algorithm === 'es256' ? algorithm : 'rs256' };
    }
    case 'oauth2':
      return filled({
        issuer: values['secret.issuer'] || null, authorization_url: values['secret.authorization_url'] || null, token_url: values['secret.token_url'] || null,
        revocation_url: values['secret.revocation_url'] || null, client_id: values['secret.client_id'], client_secret: values['secret.client_secret'] || null, scope: values['secret.scope'] || null,
      });
    case 'aws_sigv4':
      return filled({
        access_key_id: values['secret.access_key_id'], secret_access_key: values['secret.secret_access_key'], session_token: values['secret.session_token'] || null,
        region: values['secret.region'], service: values['secret.service'],
      });
    case 'postgresql': return filled({ ...server(values), database: values['secret.database'] });
    case 'smtp': return filled({ ...server(values), from: values['secret.from'] }, security(values));
    case 'imap': return filled(server(values), security(values));
    case 'mtls': return filled({ certificate: values['secret.certificate'], private_key: values['secret.private_key'] });
  }
}

const client = (values: SecretValues): SecretInput => ({
  issuer: values['secret.issuer'] || null, token_url: values['secret.token_url'] || null, client_id: values['secret.client_id'],
  scope: values['secret.scope'] || null, audience: values['secret.audience'] || null,
});

const server = (values: SecretValues): SecretInput => ({
  host: values['secret.host'], port: values['secret.port'] ? Number(values['secret.port']) : null,
  username: values['secret.username'] || null, password: values['secret.password'] || null, ca: values['secret.ca'] || null,
});

const security = (values: SecretValues): SecretInput => ({ security: values['secret.security'] === 'starttls' ? 'starttls' : 'tls' });
