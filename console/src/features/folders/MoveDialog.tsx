import { Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import type { Workflow } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';
import { useFolders } from './useFolders';

/** Puts a workflow into a folder, or takes it out of one. */
export function MoveDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const folders = useFolders();
  const [folder, setFolder] = useState(workflow.folder_id ?? '');
  const move = useMutation({
    mutationFn: () => api.PUT('/v1/workflows/{id}/folder', { params: { path: { id: workflow.id } }, body: { folder_id: folder || null } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug] });
      sayDone('The workflow is moved.');
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title="Move to a folder" submit="Move" pending={move.isPending} error={move.error} onSubmit={() => move.mutate()}>
      <Select label="Folder" description="The workflow inherits who reaches the folder." data={[{ value: '', label: 'no folder' }, ...folders.map((one) => ({ value: one.id, label: one.name }))]} value={folder} onChange={(id) => setFolder(id ?? '')} allowDeselect={false} />
    </FormDialog>
  );
}
