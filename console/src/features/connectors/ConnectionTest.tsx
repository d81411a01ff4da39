import { Button, Group, Modal, Select, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Connector, ConnectionStage } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';

const words: Record<ConnectionStage['stage'], string> = { reach: 'Reach', tls: 'TLS', authenticate: 'Authenticate', call: 'Call' };

/** Tries the connection to the service, stage by stage. */
export function ConnectionTest({ connector, onClose }: { connector: Connector; onClose: () => void }) {
  const [endpoint, setEndpoint] = useState<string | null>(null);
  const test = useMutation({
    mutationFn: () => body(api.POST('/v1/connectors/{id}/test', { params: { path: { id: connector.id } }, body: { endpoint, allow_changes: false } })),
  });
  const callable = connector.endpoints.filter(({ method, path }) => method === 'GET' && !path.includes('{'));
  return (
    <Modal opened onClose={onClose} title={`Test ${connector.name}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Select
          label="Endpoint to call at the end" description="A GET without parameters." placeholder="none" clearable data={callable.map(({ name }) => name)} value={endpoint} onChange={setEndpoint}
        />
        {test.data && (
          <Table aria-label="Stages">
            <Table.Thead><Table.Tr><Table.Th>Stage</Table.Th><Table.Th>Result</Table.Th><Table.Th>Time</Table.Th><Table.Th>Detail</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{test.data.stages.map((stage) => <Stage key={stage.stage} stage={stage} />)}</Table.Tbody>
          </Table>
        )}
        <ProblemAlert error={test.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button loading={test.isPending} onClick={() => test.mutate()}>Test</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Stage({ stage }: { stage: ConnectionStage }) {
  return (
    <Table.Tr>
      <Table.Td>{words[stage.stage]}</Table.Td>
      <Table.Td><StateBadge state={stage.passed ? 'passed' : 'failed'} /></Table.Td>
      <Table.Td>{stage.milliseconds} ms</Table.Td>
      <Table.Td>
        {stage.error && <Text size="sm">{stage.error.message}</Text>}
        {stage.tls && <Text size="sm">{stage.tls.version}, {stage.tls.subject}, until <Time at={stage.tls.expires_at} /></Text>}
        {stage.passed && stage.status && <Text size="sm">answered {stage.status}</Text>}
      </Table.Td>
    </Table.Tr>
  );
}
