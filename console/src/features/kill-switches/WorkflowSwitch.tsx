import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Workflow } from '../../api/schema';
import { Time } from '../../elements/Time';
import { stopsWorkflow } from './KillSwitches';
import { SwitchButton } from './SwitchButton';
import { useKillSwitches } from './useKillSwitches';

/** On the page of a workflow that is switched off: since when, by whom and why. */
export function WorkflowSwitch({ workflow }: { workflow: Workflow }) {
  const found = useKillSwitches().data?.off.find((one) => one.workflow_id === workflow.id);
  if (!found) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="This workflow is switched off" mb="md">
      <Group justify="space-between">
        <Text size="sm" dir="auto">No run of it starts. {found.reason} · {found.set_by}, <Time at={found.set_at} /></Text>
        <SwitchButton of={{ kind: 'workflow', id: workflow.id }} name={workflow.name} off stops={stopsWorkflow} />
      </Group>
    </Alert>
  );
}

/** Switches the workflow off, as long as it is on. */
export function SwitchOff({ workflow }: { workflow: Workflow }) {
  const switches = useKillSwitches();
  if (!switches.data || switches.data.off.some((one) => one.workflow_id === workflow.id) || !workflow.rights.includes('edit')) return null;
  return <SwitchButton of={{ kind: 'workflow', id: workflow.id }} name={workflow.name} off={false} stops={stopsWorkflow} />;
}
