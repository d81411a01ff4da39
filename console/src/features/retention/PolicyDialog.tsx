import { NumberInput, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { Retention, RetentionPolicy } from '../../api/schema';
import { FormDialog } from '../../elements/FormDialog';
import { useFields, wholeNumber } from '../../elements/fields';
import { useOrganization } from '../../shell/organization';
import { useFolders } from '../folders/useFolders';

/** Whose policy it is. */
export type Place = { kind: 'workflows' | 'folders'; id: string };

/** One policy: of a workflow or folder, of one that is to be chosen (`isNew`), or of all. */
export function PolicyDialog({ place, isNew, policy, retention, onClose }: {
  place?: Place;
  isNew?: boolean;
  policy?: RetentionPolicy | null;
  retention: Retention;
  onClose: () => void;
}) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Place | undefined>(place);
  const workflows = useQuery({ queryKey: [slug, 'workflows', 'names'], queryFn: () => body(api.GET('/v1/workflows', { params: { query: { limit: 200 } } })), enabled: isNew });
  const folders = useFolders();
  const save = useMutation({
    mutationFn: (next: RetentionPolicy) =>
      body(chosen ? api.PUT(`/v1/${chosen.kind}/{id}/retention`, { params: { path: { id: chosen.id } }, body: next }) : api.PUT('/v1/settings/retention', { body: next })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'retention'] });
      onClose();
    },
  });
  const fields = useFields({ max_age_days: String(policy?.max_age_days ?? ''), max_count: String(policy?.max_count ?? ''), min_count: String(policy?.min_count ?? '0') }, save.error);
  return (
    <FormDialog
      opened
      onClose={onClose}
      title={place || isNew ? 'Runs of a workflow or folder' : 'Runs of all workflows'}
      submit="Save"
      pending={save.isPending}
      error={save.error}
      shown={fields.shown}
      onSubmit={() => save.mutate({ max_age_days: wholeNumber(fields.values.max_age_days), max_count: wholeNumber(fields.values.max_count), min_count: wholeNumber(fields.values.min_count) ?? 0 })}
    >
      {isNew && (
        <Select
          label="Workflow or folder" required searchable value={chosen ? `${chosen.kind}:${chosen.id}` : null}
          data={[...folders.map((f) => ({ value: `folders:${f.id}`, label: `Folder ${f.name}` })), ...(workflows.data?.items ?? []).map((w) => ({ value: `workflows:${w.id}`, label: w.name }))]}
          onChange={(value) => setChosen(value ? { kind: value.startsWith('folders:') ? 'folders' : 'workflows', id: value.slice(value.indexOf(':') + 1) } : undefined)}
        />
      )}
      <NumberInput label="Days after which runs go" description={`At least ${retention.least_days}. Empty: age does not matter.`} {...fields.bindNumber('max_age_days')} />
      <NumberInput label="Runs of a workflow that are kept at most" description={`At least ${retention.least_count}. Empty: their number does not matter.`} {...fields.bindNumber('max_count')} />
      <NumberInput label="Newest runs that stay in any case" {...fields.bindNumber('min_count')} />
    </FormDialog>
  );
}
