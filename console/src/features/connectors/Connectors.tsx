import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { usePages } from '../../api/pages';
import type { Connector } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { DataTable } from '../../elements/DataTable';
import { EmptyState } from '../../elements/EmptyState';
import { useOrganization } from '../../shell/organization';
import { AccessDialog } from '../access/AccessDialog';
import { ConnectionTest } from './ConnectionTest';
import { BreakerState } from './BreakerState';
import { ConnectorDialog } from './ConnectorDialog';

/** External services: where they are, how we sign in, which operations workflows may call. */
export function Connectors() {
  const organization = useOrganization();
  const [edited, setEdited] = useState<Connector | 'new'>();
  const [tested, setTested] = useState<Connector>();
  const [shared, setShared] = useState<Connector>();
  const connectors = usePages([organization.slug, 'connectors'], (query) => body(api.GET('/v1/connectors', { params: { query } })));
  const mayWrite = organization.may('connectors:write');
  const add = mayWrite && <Button onClick={() => setEdited('new')}>New connector</Button>;
  return (
    <Stack>
      {add && connectors.items && connectors.items.length > 0 && <Group justify="flex-end">{add}</Group>}
      <DataTable
        label="Connectors"
        pages={connectors}
        columns={['Name', 'Base URL', 'Authentication', 'Endpoints', 'Circuit breaker', '']}
        empty={<EmptyState title="No connector yet" action={add}>A connector is an external service: its address, its credential, and the operations that workflows may call.</EmptyState>}
        row={(connector) => (
          <Table.Tr key={connector.id}>
            <Table.Td><Text size="sm" fw={500}>{connector.name}</Text><Text size="xs" c="dimmed" dir="auto">{connector.description}</Text></Table.Td>
            <Table.Td ff="monospace" fz="xs">{connector.base_url}</Table.Td>
            <Table.Td>{connector.authentication.type.replaceAll('_', ' ')}{connector.authentication.credential && <Text size="xs" c="dimmed">{connector.authentication.credential}</Text>}</Table.Td>
            <Table.Td>{connector.endpoints.map((endpoint) => <Text key={endpoint.name} size="xs" ff="monospace">{endpoint.name}: {endpoint.method} {endpoint.path}</Text>)}</Table.Td>
            <Table.Td><BreakerState connector={connector} /></Table.Td>
            <Table.Td>
              {mayWrite && (
                <Group gap="xs" justify="flex-end" wrap="nowrap">
                  <Button size="xs" variant="default" onClick={() => setTested(connector)} aria-label={`Test ${connector.name}`}>Test</Button>
                  <Button size="xs" variant="default" onClick={() => setEdited(connector)} aria-label={`Edit ${connector.name}`}>Edit</Button>
                  {organization.may('grants:read') && <Button size="xs" variant="default" onClick={() => setShared(connector)} aria-label={`Access to ${connector.name}`}>Access</Button>}
                  <DeleteConnector connector={connector} />
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        )}
      />
      {tested && <ConnectionTest connector={tested} onClose={() => setTested(undefined)} />}
      {shared && <AccessDialog resource={{ kind: 'connector', id: shared.id, name: shared.name }} onClose={() => setShared(undefined)} />}
      {edited && <ConnectorDialog connector={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Stack>
  );
}

function DeleteConnector({ connector }: { connector: Connector }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/connectors/{id}', { params: { path: { id: connector.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [slug, 'connectors'] }),
  });
  return <ConfirmButton action={remove} label="Delete">Steps that call “{connector.name}” will fail.</ConfirmButton>;
}
