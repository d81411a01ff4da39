import { ActionIcon, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { ConnectorEndpoint } from '../../api/schema';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** One operation of a connector. */
export function EndpointRow({ number, endpoint, onChange, onRemove }: { number: number; endpoint: ConnectorEndpoint; onChange: (next: ConnectorEndpoint) => void; onRemove: () => void }) {
  return (
    <Group align="flex-end" gap="xs">
      <TextInput aria-label={`Name of endpoint ${number}`} placeholder="create_invoice" value={endpoint.name} onChange={(event) => onChange({ ...endpoint, name: event.currentTarget.value })} style={{ flex: '1 1 9rem' }} />
      <Select aria-label={`Method of endpoint ${number}`} allowDeselect={false} data={methods} value={endpoint.method} onChange={(method) => method && onChange({ ...endpoint, method })} w={105} />
      <TextInput aria-label={`Path of endpoint ${number}`} placeholder="/invoices/{id}" value={endpoint.path} onChange={(event) => onChange({ ...endpoint, path: event.currentTarget.value })} style={{ flex: '2 1 12rem' }} />
      <NumberInput aria-label={`Timeout of endpoint ${number}, in seconds`} min={1} max={300} suffix=" s" hideControls value={endpoint.timeout_seconds ?? 30} onChange={(seconds) => onChange({ ...endpoint, timeout_seconds: Number(seconds) || 30 })} w={75} />
      <ActionIcon variant="default" size="lg" onClick={onRemove} aria-label={`Remove endpoint ${number}`}><IconTrash size={16} aria-hidden /></ActionIcon>
    </Group>
  );
}
