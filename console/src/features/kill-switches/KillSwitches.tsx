import { Alert, Stack, Table, Text } from '@mantine/core';
import type { KillSwitch } from '../../api/schema';
import { Loaded } from '../../elements/Loaded';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { SwitchButton, type Switched } from './SwitchButton';
import { useKillSwitches } from './useKillSwitches';

const entrances = [
  { kind: 'api', name: 'the API', label: 'API', stops: 'Requests with an API key of this organization are refused, those of this page are not.' },
  { kind: 'hooks', name: 'webhooks', label: 'Webhooks that come in', stops: 'What senders send is refused.' },
] as const;

export const stopsWorkflow = 'No run of it starts, whatever would start it. Runs that have begun go on.';

/** What can be switched off at once, and what is. */
export function KillSwitches() {
  const switches = useKillSwitches();
  return <Loaded query={switches}>{({ off }) => <Switches off={off} />}</Loaded>;
}

function Switches({ off }: { off: KillSwitch[] }) {
  const whole = off.find((one) => one.kind === 'organization');
  return (
    <Stack gap="sm">
      {whole && <Alert color="red" title="The operator has switched this organization off">{whole.reason}. Keys and webhooks are not taken, and no run starts.</Alert>}
      <Table aria-label="Kill switches">
        <Table.Tbody>
          {entrances.map(({ kind, name, label, stops }) => <Row key={kind} of={{ kind }} name={name} label={label} stops={stops} found={off.find((one) => one.kind === kind)} />)}
          {off.map((one) => one.workflow_id && (
            <Row key={one.workflow_id} of={{ kind: 'workflow', id: one.workflow_id }} name={one.workflow_name ?? ''} label={`Workflow ${one.workflow_name}`} stops={stopsWorkflow} found={one} />
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">A workflow is switched off on its page. A single key is switched off by suspending it.</Text>
    </Stack>
  );
}

function Row({ of, name, label, stops, found }: { of: Switched; name: string; label: string; stops: string; found?: KillSwitch }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} dir="auto">{label}</Table.Th>
      <Table.Td><StateBadge state={found ? 'off' : 'on'} /></Table.Td>
      <Table.Td>{found && <Text size="sm" dir="auto">{found.reason} · {found.set_by}, <Time at={found.set_at} /></Text>}</Table.Td>
      <Table.Td ta="right"><SwitchButton of={of} name={name} off={found !== undefined} stops={stops} /></Table.Td>
    </Table.Tr>
  );
}
