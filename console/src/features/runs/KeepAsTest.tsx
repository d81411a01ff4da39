import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { Run } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';
import { isFinal } from './runStatus';

/** Keeps the run as a test of its workflow. */
export function KeepAsTest({ run }: { run: Run }) {
  const organization = useOrganization();
  const [asking, dialog] = useDisclosure();
  if (!isFinal(run.status) || !organization.may('workflows:write')) return null;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>Keep as a test</Button>
      {asking && <KeepDialog run={run} onClose={dialog.close} />}
    </>
  );
}

function KeepDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const keep = useMutation({
    mutationFn: ({ name }: { name: string }) => body(api.PUT('/v1/workflows/{id}/tests/{name}', { params: { path: { id: run.workflow_id, name: name.trim() } }, body: { run_id: run.id } })),
    onSuccess: (kept) => {
      onClose();
      sayDone(`The test ${kept.name} is recorded.`);
    },
  });
  const fields = useFields({ name: '' }, keep.error);
  return (
    <FormDialog opened onClose={onClose} title="Keep as a test" submit="Keep" pending={keep.isPending} error={keep.error} shown={fields.shown} onSubmit={() => keep.mutate(fields.values)}>
      <TextInput label="Name" description="A test of this name is replaced. The recording stays when the run is deleted." data-autofocus required {...fields.bind('name')} />
    </FormDialog>
  );
}
