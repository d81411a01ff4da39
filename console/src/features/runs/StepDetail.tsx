import { Group, Stack, Table, Text, Title, UnstyledButton } from '@mantine/core';
import type { Run, Step } from '../../api/schema';
import { JsonView } from '../../elements/JsonView';
import { PlaceLink } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Duration, Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';
import { Reveal } from './Reveal';
import { RunFailure } from './RunFailure';

/** Steps of items that are listed under their loop at once. */
const mostShown = 200;

export function StepDetail({ runId, step, items, onSelect }: { runId: string; step: Step; items: Step[]; onSelect: (node: string) => void }) {
  const { slug } = useOrganization();
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={2} size="h4">{step.node}</Title>
        <StateBadge state={step.status} />
      </Group>
      <Text size="sm" c="dimmed">
        {step.type}{step.attempts > 0 && `, ${step.attempts === 1 ? 'one attempt' : `${step.attempts} attempts`}`}
        {step.items !== null && `, ${step.items} items`}
        {step.started_at && <>, began <Time at={step.started_at} /></>}
        {step.started_at && step.finished_at && <>, took <Duration from={step.started_at} to={step.finished_at} /></>}
        {!step.finished_at && step.due_at && <>, until <Time at={step.due_at} /></>}
      </Text>
      {step.child_run_id && (
        <Text size="sm"><PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: step.child_run_id }}>The run that this step called</PlaceLink></Text>
      )}
      {step.taken_from && (
        <Text size="sm">Its result is that of <PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: step.taken_from }}>the run before</PlaceLink>.</Text>
      )}
      <RunFailure error={step.error} />
      {items.length > 0 && (
        <Table aria-label={`Steps of the items of ${step.node}`}>
          <Table.Tbody>
            {items.slice(0, mostShown).map((within) => (
              <Table.Tr key={within.node}>
                <Table.Td><UnstyledButton onClick={() => onSelect(within.node)} fz="sm" td="underline">{within.node.slice(step.node.length)}</UnstyledButton></Table.Td>
                <Table.Td><StateBadge state={within.status} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          {items.length > mostShown && <Table.Caption>{items.length - mostShown} more are in the API</Table.Caption>}
        </Table>
      )}
      {step.status === 'succeeded' && (
        <>
          <Title order={3} size="h6">Output</Title>
          <JsonView value={step.output} label={`Output of ${step.node}`} />
        </>
      )}
      {step.redacted && <Reveal runId={runId} node={step.node} />}
    </Stack>
  );
}

export function TriggerDetail({ run }: { run: Run }) {
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">Input</Title>
      <JsonView value={run.trigger} label="Input of the run" />
      {run.status === 'succeeded' && (
        <>
          <Title order={2} size="h4">Output</Title>
          <JsonView value={run.output} label="Output of the run" />
        </>
      )}
      {run.redacted && <Reveal runId={run.id} node={null} />}
    </Stack>
  );
}
