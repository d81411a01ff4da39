import { Alert, Button, Group, Select, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Template } from '../../api/schema';
import { Loaded } from '../../elements/Loaded';
import { FieldFaults, ProblemAlert } from '../../elements/ProblemAlert';
import { Page } from '../../elements/Page';
import { useOrganization } from '../../shell/organization';
import { useFolders } from '../folders/useFolders';
import { DocumentEditor, formatOf } from './DocumentEditor';

export function NewWorkflowPage() {
  const { slug } = useOrganization();
  const templates = useQuery({ queryKey: [slug, 'templates'], queryFn: () => body(api.GET('/v1/templates')), staleTime: Infinity });
  return <Page title="New workflow"><Loaded query={templates}>{(found) => <NewWorkflow templates={found.items} />}</Loaded></Page>;
}

function NewWorkflow({ templates }: { templates: Template[] }) {
  const organization = useOrganization();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [document, setDocument] = useState(templates[0]?.document ?? '');
  const folders = useFolders();
  const [folder, setFolder] = useState('');
  const begun = templates.find((template) => template.document === document);
  const request = { document, format: formatOf(document) };
  const create = useMutation({
    mutationFn: () => body(api.POST('/v1/workflows', { body: { ...request, folder_id: folder || null } })),
    onSuccess: async (workflow) => {
      await client.invalidateQueries({ queryKey: [organization.slug, 'workflows'] });
      await navigate({ to: '/o/$slug/workflows/$id', params: { slug: organization.slug, id: workflow.id } });
    },
  });
  const validate = useMutation({ mutationFn: () => body(api.POST('/v1/workflows/validate', { body: request })), onMutate: () => create.reset() });
  return (
    <Stack>
      <Select
        label="Begin with"
        description={begun?.description ?? 'Another choice replaces what you have written.'}
        placeholder="your own"
        data={templates.map((template) => ({ value: template.name, label: template.title }))}
        value={begun?.name ?? null}
        onChange={(name) => setDocument(templates.find((template) => template.name === name)?.document ?? document)}
        allowDeselect={false}
        maw={420}
      />
      {folders.length > 0 && (
        <Select label="Folder" description="The workflow inherits who reaches it." data={[{ value: '', label: 'no folder' }, ...folders.map((one) => ({ value: one.id, label: one.name }))]} value={folder} onChange={(id) => setFolder(id ?? '')} allowDeselect={false} maw={420} />
      )}
      <DocumentEditor value={document} onChange={setDocument} />
      <ProblemAlert error={create.error ?? validate.error} />
      {validate.data && !create.error && <ValidationResult result={validate.data} />}
      <Group>
        <Button loading={create.isPending} onClick={() => create.mutate()}>Create draft</Button>
        <Button variant="default" loading={validate.isPending} onClick={() => validate.mutate()}>Check</Button>
      </Group>
    </Stack>
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
