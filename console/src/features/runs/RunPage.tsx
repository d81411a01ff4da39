import { Grid, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api, body } from '../../api/client';
import type { Run } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { Loaded } from '../../elements/Loaded';
import { Page } from '../../elements/Page';
import { PlaceLink } from '../../elements/PlaceLink';
import { StateBadge, stateLabel } from '../../elements/StateBadge';
import { Duration, Time } from '../../elements/Time';
import { triggerId, withTrigger } from '../../graph/document';
import { Graph } from '../../graph/Graph';
import { useOrganization } from '../../shell/organization';
import { Journal } from './Journal';
import { KeepAsTest } from './KeepAsTest';
import { RunFailure } from './RunFailure';
import { isFinal } from './runStatus';
import { StepDetail, TriggerDetail } from './StepDetail';
import { UnknownOutcome } from './UnknownOutcome';
import { useRunEvents } from './useRunEvents';
import { WaitingReview } from './WaitingReview';
import { WaitingSignal } from './WaitingSignal';

export function RunPage() {
  const { id } = useParams({ from: '/o/$slug/runs/$id' });
  const { slug } = useOrganization();
  const run = useQuery({
    queryKey: [slug, 'run', id],
    queryFn: () => body(api.GET('/v1/runs/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={run}>{(found) => <Detail key={found.id} run={found} />}</Loaded>;
}

function Detail({ run }: { run: Run }) {
  const { slug } = useOrganization();
  const [selected, setSelected] = useState<string>();
  const events = useRunEvents(run.id);
  const graph = useMemo(() => graphOfRun(run), [run]);
  const shown = selected ?? interestingStep(run);
  const step = run.steps.find((found) => found.node === shown);
  return (
    <Page title={run.workflow_name} badge={<StateBadge state={run.status} />} actions={<><KeepAsTest run={run} /><Retry run={run} /><Cancel run={run} /></>}>
      <VisuallyHidden role="status" aria-live="polite">{`State of the run: ${stateLabel(run.status)}`}</VisuallyHidden>
      <Text size="sm" c="dimmed" mb="md">
        Version {run.workflow_version}, started by its {run.trigger_type} trigger <Time at={run.started_at} />
        {run.parent && <>, {run.handles_error ? 'after the failure of' : `called by the step ${run.parent.node} of`} <PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: run.parent.run_id }}>another run</PlaceLink></>}
        {run.retry_of && <>, takes up <PlaceLink to="/o/$slug/runs/$id" params={{ slug, id: run.retry_of }}>a run before</PlaceLink></>}
        {run.finished_at && <>, took <Duration from={run.started_at} to={run.finished_at} /></>}
      </Text>
      <Stack>
        <RunFailure error={run.error} />
        <WaitingReview run={run} />
        <UnknownOutcome run={run} />
        <WaitingSignal run={run} />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 7 }}>
            <Paper withBorder><Graph {...graph} label="Graph of the run" onSelect={setSelected} /></Paper>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack gap="md">
              <Paper withBorder p="md">{step ? <StepDetail runId={run.id} step={step} items={run.steps.filter((found) => found.node.startsWith(`${step.node}[`))} onSelect={setSelected} /> : <TriggerDetail run={run} />}</Paper>
              <Paper withBorder p="md">
                <Title order={2} size="h4" mb="sm">Timeline</Title>
                <Journal entries={events} onSelect={setSelected} />
              </Paper>
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
    </Page>
  );
}

function graphOfRun(run: Run) {
  const steps = run.steps.filter((step) => step.item === null).map((step) => ({ id: step.node, title: step.node, kind: step.type, state: step.status }));
  return withTrigger(steps, run.edges, run.trigger_type, true);
}

/** What one most likely came for: where it failed, where it waits, or else the trigger. */
const interestingStep = (run: Run) => (run.error?.node ?? run.steps.find((step) => step.status === 'waiting')?.node) ?? triggerId;

function Retry({ run }: { run: Run }) {
  const organization = useOrganization();
  const navigate = useNavigate();
  // One for as long as the page is there: who asks twice gets one new run.
  const [key] = useState(() => crypto.randomUUID());
  const retry = useMutation({
    mutationFn: () => body(api.POST('/v1/runs/{id}/retry', { params: { path: { id: run.id } }, body: {}, headers: { 'Idempotency-Key': key } })),
    onSuccess: (started) => navigate({ to: '/o/$slug/runs/$id', params: { slug: organization.slug, id: started.run_id } }),
  });
  if (!['failed', 'timed_out', 'cancelled'].includes(run.status) || !organization.mayOnGrant('runs:start')) return null;
  return <ConfirmButton action={retry} label="Retry the run" size="sm">A new run keeps the results of the steps that are done and starts with what is not.</ConfirmButton>;
}

function Cancel({ run }: { run: Run }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.POST('/v1/runs/{id}/cancel', { params: { path: { id: run.id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [organization.slug, 'run', run.id] }),
  });
  if (isFinal(run.status) || !organization.may('runs:cancel')) return null;
  return <ConfirmButton action={cancel} label="Cancel the run" size="sm">Steps that wait are given up and pending reviews close. What was sent outside stays sent.</ConfirmButton>;
}
