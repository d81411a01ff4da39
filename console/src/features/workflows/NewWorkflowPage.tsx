import { Alert, Button, Group, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { FieldFaults, ProblemAlert } from '../../elements/ProblemAlert';
import { Page } from '../../elements/Page';
import { useOrganization } from '../../shell/organization';
import { DocumentEditor, formatOf } from './DocumentEditor';

const example = `format: 1
name: Hello
trigger: { type: manual }
nodes:
  - id: greet
    type: transform
    settings:
      output: { greeting: "Hello, {{ trigger.body.name }}!" }
edges: []
output: "{{ steps.greet }}"
`;

export function NewWorkflowPage() {
  const organization = useOrganization();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [document, setDocument] = useState(example);
  const request = { document, format: formatOf(document) };
  const create = useMutation({
    mutationFn: () => body(api.POST('/v1/workflows', { body: request })),
    onSuccess: async (workflow) => {
      await client.invalidateQueries({ queryKey: [organization.slug, 'workflows'] });
      await navigate({ to: '/o/$slug/workflows/$id', params: { slug: organization.slug, id: workflow.id } });
    },
  });
  const validate = useMutation({ mutationFn: () => body(api.POST('/v1/workflows/validate', { body: request })), onMutate: () => create.reset() });
  return (
    <Page title="New workflow">
      <Stack>
        <DocumentEditor value={document} onChange={setDocument} />
        <ProblemAlert error={create.error ?? validate.error} />
        {validate.data && !create.error && <ValidationResult result={validate.data} />}
        <Group>
          <Button loading={create.isPending} onClick={() => create.mutate()}>Create draft</Button>
          <Button variant="default" loading={validate.isPending} onClick={() => validate.mutate()}>Check</Button>
        </Group>
      </Stack>
    </Page>
  );
}

type Result = { valid: boolean; errors: Parameters<typeof FieldFaults>[0]['fields'] };

/** Whether the document could be published as it is. */
export function ValidationResult({ result }: { result: Result }) {
  return result.valid ? (
    <Alert role="status" color="teal" title="This can be published" />
  ) : (
    <Alert role="alert" color="red" title={result.errors.length === 1 ? 'One fault' : `${result.errors.length} faults`}><FieldFaults fields={result.errors} /></Alert>
  );
}
