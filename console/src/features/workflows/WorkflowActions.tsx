import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, body } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';
import { AccessDialog } from '../access/AccessDialog';
import { MoveDialog } from '../folders/MoveDialog';
import { useWorkflowChanged } from './useWorkflowChanged';

type Step = 'publish' | 'pause' | 'resume' | 'archive' | 'draft';

const said: Record<Step, string> = {
  publish: 'The workflow is published.',
  pause: 'The workflow is paused; runs that have begun go on.',
  resume: 'The workflow is published again.',
  archive: 'The workflow is archived.',
  draft: 'The draft is open.',
};

/** The steps of a workflow's life that its state and the own permissions allow. */
export function WorkflowActions({ workflow }: { workflow: Workflow }) {
  const organization = useOrganization();
  const changed = useWorkflowChanged();
  const [archiving, archive] = useDisclosure();
  const [cloning, clone] = useDisclosure();
  const [moving, move] = useDisclosure();
  const [sharing, share] = useDisclosure();
  const step = useMutation({
    mutationFn: (verb: Step) => body(api.POST(`/v1/workflows/{id}/${verb}`, { params: { path: { id: workflow.id } } })),
    onSuccess: (answer, verb) => {
      changed(answer);
      archive.close();
      sayDone(said[verb]);
    },
  });
  const mayWrite = workflow.rights.includes('edit');
  const mayPublish = mayWrite && organization.may('workflows:publish');
  const { state } = workflow;
  const items = [
    mayWrite && !workflow.has_draft && state !== 'archived' && <Menu.Item key="draft" onClick={() => step.mutate('draft')}>Open a draft</Menu.Item>,
    mayPublish && state === 'published' && <Menu.Item key="pause" onClick={() => step.mutate('pause')}>Pause</Menu.Item>,
    mayPublish && state === 'paused' && <Menu.Item key="resume" onClick={() => step.mutate('resume')}>Resume</Menu.Item>,
    organization.may('grants:read') && <Menu.Item key="access" onClick={share.open}>Access</Menu.Item>,
    mayWrite && <Menu.Item key="move" onClick={move.open}>Move to a folder</Menu.Item>,
    organization.may('workflows:write') && <Menu.Item key="clone" onClick={clone.open}>Clone</Menu.Item>,
    mayPublish && state !== 'archived' && <Menu.Item key="archive" onClick={archive.open}>Archive</Menu.Item>,
  ].filter(Boolean);
  return (
    <>
      {items.length > 0 && (
        <Menu position="bottom-end" withinPortal={false}>
          <Menu.Target><Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>More</Button></Menu.Target>
          <Menu.Dropdown>{items}</Menu.Dropdown>
        </Menu>
      )}
      {mayPublish && workflow.has_draft && <Button loading={step.isPending} onClick={() => step.mutate('publish')}>Publish</Button>}
      <Modal opened={archiving} onClose={archive.close} title="Archive?" closeButtonProps={{ 'aria-label': 'Close' }}>
        <Text size="sm" mb="md">It leaves the list and starts no more runs; its address stops answering. Runs that have begun go on.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={archive.close}>Keep as it is</Button>
          <Button color="red" loading={step.isPending} onClick={() => step.mutate('archive')}>Archive</Button>
        </Group>
      </Modal>
      <Modal opened={step.isError} onClose={step.reset} title="Not done" closeButtonProps={{ 'aria-label': 'Close' }} size="lg"><ProblemAlert error={step.error} /></Modal>
      {sharing && <AccessDialog resource={{ kind: 'workflow', id: workflow.id, name: workflow.name }} onClose={share.close} />}
      {moving && <MoveDialog workflow={workflow} onClose={move.close} />}
      {cloning && <CloneDialog workflow={workflow} onClose={clone.close} />}
    </>
  );
}

function CloneDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { slug } = useOrganization();
  const navigate = useNavigate();
  const clone = useMutation({
    mutationFn: (copy: { name: string }) => body(api.POST('/v1/workflows/{id}/clone', { params: { path: { id: workflow.id } }, body: copy })),
    onSuccess: async (copy) => {
      onClose();
      await navigate({ to: '/o/$slug/workflows/$id', params: { slug, id: copy.id } });
    },
  });
  const fields = useFields({ name: `${workflow.name} (copy)` }, clone.error);
  return (
    <FormDialog opened onClose={onClose} title="Clone the workflow" submit="Clone" pending={clone.isPending} error={clone.error} shown={fields.shown} onSubmit={() => clone.mutate(fields.values)}>
      <Stack><TextInput label="Name of the copy" {...fields.bind('name')} /></Stack>
    </FormDialog>
  );
}
