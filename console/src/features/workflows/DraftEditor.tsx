import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { sayDone } from '../../elements/done';
import { DocumentEditor, formatOf } from './DocumentEditor';
import { ValidationResult } from './NewWorkflowPage';
import { useWorkflowChanged } from './useWorkflowChanged';

/** The draft as text: check it, save it. Saving names the revision that was read, so that nobody else's work is lost. */
export function DraftEditor({ workflow }: { workflow: Workflow }) {
  const [document, setDocument] = useState(workflow.document);
  const changed = useWorkflowChanged();
  const request = { document, format: formatOf(document) };
  const save = useMutation({
    mutationFn: () => body(api.PUT('/v1/workflows/{id}/draft', { params: { path: { id: workflow.id } }, body: request, headers: ifMatch(workflow.revision) })),
    onSuccess: (saved) => {
      changed(saved);
      sayDone('The draft is saved.');
    },
  });
  const validate = useMutation({ mutationFn: () => body(api.POST('/v1/workflows/validate', { body: request })), onMutate: () => save.reset() });
  const dirty = document !== workflow.document;
  return (
    <Stack>
      <DocumentEditor value={document} onChange={setDocument} />
      <ProblemAlert error={save.error ?? validate.error} />
      {validate.data && !save.error && <ValidationResult result={validate.data} />}
      <Group>
        <Button loading={save.isPending} disabled={!dirty} onClick={() => save.mutate()}>Save draft</Button>
        <Button variant="default" loading={validate.isPending} onClick={() => validate.mutate()}>Check</Button>
        {dirty && <Text size="sm" c="dimmed">There are changes that are not saved.</Text>}
      </Group>
    </Stack>
  );
}
