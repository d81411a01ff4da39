import { Code, Paper, Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, body } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { Loaded } from '../../elements/Loaded';
import { EmptyState } from '../../elements/EmptyState';
import { Page } from '../../elements/Page';
import { PlaceButton } from '../../elements/PlaceLink';
import { StateBadge } from '../../elements/StateBadge';
import { Time } from '../../elements/Time';
import { graphOf } from '../../graph/document';
import { Graph } from '../../graph/Graph';
import { useOrganization } from '../../shell/organization';
import { SwitchOff, WorkflowSwitch } from '../kill-switches/WorkflowSwitch';
import { PollState } from './PollState';
import { DraftEditor } from './DraftEditor';
import { DocumentEditor } from './DocumentEditor';
import { StartRun } from './StartRun';
import { Tests } from './Tests';
import { Versions } from './Versions';
import { WorkflowActions } from './WorkflowActions';

export function WorkflowPage() {
  const { id } = useParams({ from: '/o/$slug/workflows/$id' });
  const organization = useOrganization();
  const workflow = useQuery({
    queryKey: [organization.slug, 'workflow', id],
    queryFn: () => body(api.GET('/v1/workflows/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={workflow}>{(found) => <Detail key={found.id} workflow={found} />}</Loaded>;
}

function Detail({ workflow }: { workflow: Workflow }) {
  const organization = useOrganization();
  const graph = useMemo(() => graphOf(workflow.document, workflow.format), [workflow.document, workflow.format]);
  const editable = workflow.has_draft && workflow.rights.includes('edit');
  return (
    <Page
      title={workflow.name}
      badge={<StateBadge state={workflow.state} />}
      actions={
        <>
          {workflow.rights.includes('view') && <PlaceButton variant="default" to="/o/$slug/runs" params={{ slug: organization.slug }} search={{ workflow: workflow.id }}>Runs</PlaceButton>}
          <WorkflowActions workflow={workflow} />
          <SwitchOff workflow={workflow} />
          {graph && <StartRun workflow={workflow} triggerType={graph.triggerType} />}
        </>
      }
    >
      <WorkflowSwitch workflow={workflow} />
      {graph?.schedule && (
        <Text size="sm" c="dimmed" mb="md">
          Schedule <Code>{graph.schedule}</Code>{workflow.next_run_at && <> · next run <Time at={workflow.next_run_at} /></>}
        </Text>
      )}
      {workflow.poll && <PollState poll={workflow.poll} />}
      <Tabs defaultValue="graph" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="graph">Graph</Tabs.Tab>
          <Tabs.Tab value="document">{editable ? 'Edit draft' : 'Document'}</Tabs.Tab>
          <Tabs.Tab value="tests">Tests</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="graph">
          {graph ? <Paper withBorder><Graph {...graph} label={`Graph of ${workflow.name}`} /></Paper> : <EmptyState title="No graph yet">The document cannot be read as a graph; its text says why.</EmptyState>}
        </Tabs.Panel>
        <Tabs.Panel value="document">
          {editable ? <DraftEditor key={workflow.revision} workflow={workflow} /> : <DocumentEditor value={workflow.document} readOnly />}
        </Tabs.Panel>
        <Tabs.Panel value="tests"><Tests key={workflow.revision} workflow={workflow} /></Tabs.Panel>
        <Tabs.Panel value="versions"><Versions workflow={workflow} /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
