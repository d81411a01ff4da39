import { Button, Group, NumberInput, Select, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import { everything } from '../../api/pages';
import type { BreakerSetting, Connector, ConnectorEndpoint } from '../../api/schema';
import { useFields, wholeNumber } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useMe } from '../../shell/me';
import { useOrganization } from '../../shell/organization';
import { BreakerFields } from './BreakerFields';
import { EndpointRow } from './EndpointRow';

type Authentication = Connector['authentication'];

interface Content {
  name: string;
  description: string;
  base_url: string;
  authentication: Authentication;
  endpoints: ConnectorEndpoint[];
  breaker: BreakerSetting | null;
  ca_certificates: string | null;
  max_concurrent_calls: number | null;
}

const kinds: Authentication['type'][] = ['none', 'api_key', 'bearer', 'basic', 'oidc_client_credentials', 'private_key_jwt', 'aws_sigv4', 'mtls', 'oidc_user'];

export function ConnectorDialog({ connector, onClose }: { connector?: Connector; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [authentication, setAuthentication] = useState<Authentication>(connector?.authentication ?? { type: 'none', credential: null });
  const [endpoints, setEndpoints] = useState<ConnectorEndpoint[]>(connector?.endpoints ?? [{ name: '', method: 'GET', path: '/', timeout_seconds: 30 }]);
  const [breaker, setBreaker] = useState<BreakerSetting>(connector?.breaker ?? {});
  const save = useMutation({
    mutationFn: ({ name, ...content }: Content) =>
      connector
        ? body(api.PUT('/v1/connectors/{id}', { params: { path: { id: connector.id } }, body: content, headers: ifMatch(connector.version) }))
        : body(api.POST('/v1/connectors', { body: { name, ...content } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'connectors'] });
      onClose();
    },
  });
  const fields = useFields({
    name: connector?.name ?? '', description: connector?.description ?? '', base_url: connector?.base_url ?? '',
    ca_certificates: connector?.ca_certificates ?? '', max_concurrent_calls: String(connector?.max_concurrent_calls ?? ''),
  }, save.error);
  const change = (index: number, endpoint: ConnectorEndpoint) => setEndpoints((before) => before.map((old, at) => (at === index ? endpoint : old)));
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={connector ? `Edit ${connector.name}` : 'New connector'}
      submit="Save"
      size="xl"
      pending={save.isPending}
      error={save.error}
      shown={fields.shown}
      onSubmit={() => save.mutate({
        ...fields.values, ca_certificates: fields.values.ca_certificates.trim() || null, max_concurrent_calls: wholeNumber(fields.values.max_concurrent_calls),
        authentication, endpoints, breaker: isDefault(breaker) ? null : breaker,
      })}
    >
      {!connector && <TextInput label="Name" description="Workflows refer to it by this name: a–z, 0–9, _ and -." data-autofocus {...fields.bind('name')} />}
      <TextInput label="Description" dir="auto" {...fields.bind('description')} />
      <TextInput label="Base URL" placeholder="https://erp.example.com/api" {...fields.bind('base_url')} />
      <AuthenticationChoice value={authentication} onChange={setAuthentication} />
      <Text fw={500} size="sm">Endpoints</Text>
      {endpoints.map((endpoint, index) => (
        <EndpointRow key={index} number={index + 1} endpoint={endpoint} onChange={(next) => change(index, next)} onRemove={() => setEndpoints((before) => before.filter((_, at) => at !== index))} />
      ))}
      <Group><Button variant="default" size="xs" onClick={() => setEndpoints([...endpoints, { name: '', method: 'GET', path: '/', timeout_seconds: 30 }])}>Add an endpoint</Button></Group>
      <Textarea
        label="Authorities" description="PEM of the only authorities that may vouch for this service; empty for those of the system." placeholder="-----BEGIN CERTIFICATE-----"
        autosize minRows={2} maxRows={6} spellCheck={false} styles={{ input: { fontFamily: 'monospace' } }} {...fields.bind('ca_certificates')}
      />
      <NumberInput label="Calls at once" description="How many calls of steps may be under way at a time, on all servers together. Empty: any number." {...fields.bindNumber('max_concurrent_calls')} />
      <BreakerFields value={breaker} onChange={setBreaker} />
    </FormDialog>
  );
}

const isDefault = (breaker: BreakerSetting) => Object.values(breaker).every((value) => value === null);

function AuthenticationChoice({ value, onChange }: { value: Authentication; onChange: (next: Authentication) => void }) {
  const organization = useOrganization();
  const me = useMe();
  const credentials = useQuery({
    queryKey: [organization.slug, 'credential names'],
    queryFn: () => everything((query) => body(api.GET('/v1/credentials/names', { params: { query } }))),
    enabled: organization.may('credentials:read'),
  });
  return (
    <Group grow align="flex-start">
      <Select label="Authentication" allowDeselect={false} data={kinds.map((kind) => ({ value: kind, label: kind.replaceAll('_', ' ') }))} value={value.type} onChange={(type) => type && onChange({ type, credential: null })} />
      {value.type !== 'none' && (
        <Select
          label="Credential"
          placeholder="Choose one of this type"
          nothingFoundMessage="No credential of this type"
          data={credentials.data?.filter((credential) => credential.type === (value.type === 'oidc_user' ? 'oauth2' : value.type)).map((credential) => credential.name) ?? []}
          value={value.credential ?? null}
          onChange={(credential) => onChange({ ...value, credential })}
        />
      )}
      {value.type === 'oidc_user' && (
        <Select
          label="Account" allowDeselect={false} data={[{ value: 'starter', label: 'of who starts the run' }, { value: 'mine', label: 'mine' }]}
          value={value.account ? 'mine' : 'starter'} onChange={(whose) => onChange({ ...value, account: whose === 'mine' ? me.data?.user_id : undefined })}
        />
      )}
    </Group>
  );
}
