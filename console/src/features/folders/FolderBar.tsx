import { Button, Group, Menu, Select, TextInput } from '@mantine/core';
import { IconDots, IconFolder } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { Folder } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';
import { AccessDialog } from '../access/AccessDialog';
import { useFolders } from './useFolders';

/** Chooses a folder, and makes, renames and deletes them. */
export function FolderBar({ chosen, onChoose }: { chosen: string | undefined; onChoose: (folder: string | undefined) => void }) {
  const organization = useOrganization();
  const folders = useFolders();
  const [shown, setShown] = useState<'new' | 'rename' | 'delete' | 'access'>();
  const folder = folders.find((one) => one.id === chosen);
  const mayWrite = organization.may('workflows:write');
  const close = () => setShown(undefined);
  if (folders.length === 0 && !mayWrite) return null;
  return (
    <Group mb="md" align="flex-end">
      {folders.length > 0 && (
        <Select
          aria-label="Folder" leftSection={<IconFolder size={16} aria-hidden />} value={chosen ?? ''} onChange={(id) => onChoose(id || undefined)} allowDeselect={false} searchable
          data={[{ value: '', label: 'All folders' }, ...folders.map((one) => ({ value: one.id, label: one.restricted ? `${one.name} (selected people)` : one.name }))]}
        />
      )}
      {mayWrite && <Button variant="default" onClick={() => setShown('new')}>New folder</Button>}
      {folder && (mayWrite || organization.may('grants:read')) && (
        <Menu position="bottom-start" withinPortal={false}>
          <Menu.Target><Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>Folder</Button></Menu.Target>
          <Menu.Dropdown>
            {organization.may('grants:read') && <Menu.Item onClick={() => setShown('access')}>Access</Menu.Item>}
            {mayWrite && <Menu.Item onClick={() => setShown('rename')}>Rename</Menu.Item>}
            {mayWrite && <Menu.Item onClick={() => setShown('delete')}>Delete</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      {shown === 'new' && <NameDialog onClose={close} onDone={(made) => onChoose(made.id)} />}
      {folder && shown === 'rename' && <NameDialog folder={folder} onClose={close} />}
      {folder && shown === 'delete' && <DeleteDialog folder={folder} onClose={close} onDone={() => onChoose(undefined)} />}
      {folder && shown === 'access' && <AccessDialog resource={{ kind: 'folder', id: folder.id, name: folder.name }} onClose={close} />}
    </Group>
  );
}

function NameDialog({ folder, onClose, onDone }: { folder?: Folder; onClose: () => void; onDone?: (folder: Folder) => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (request: { name: string }) =>
      body(folder ? api.PUT('/v1/folders/{id}', { params: { path: { id: folder.id } }, body: request, headers: ifMatch(folder.revision) }) : api.POST('/v1/folders', { body: request })),
    onSuccess: async (saved) => {
      await client.invalidateQueries({ queryKey: [slug, 'folders'] });
      onDone?.(saved);
      onClose();
    },
  });
  const fields = useFields({ name: folder?.name ?? '' }, save.error);
  return (
    <FormDialog opened onClose={onClose} title={folder ? 'Rename the folder' : 'New folder'} submit={folder ? 'Rename' : 'Create'} pending={save.isPending} error={save.error} shown={fields.shown} onSubmit={() => save.mutate(fields.values)}>
      <TextInput label="Name" description="Workflows in a folder inherit who reaches it." dir="auto" data-autofocus {...fields.bind('name')} />
    </FormDialog>
  );
}

function DeleteDialog({ folder, onClose, onDone }: { folder: Folder; onClose: () => void; onDone: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/folders/{id}', { params: { path: { id: folder.id } } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'folders'] });
      sayDone('The folder is deleted.');
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog opened onClose={onClose} title={`Delete “${folder.name}”?`} submit="Delete" pending={remove.isPending} error={remove.error} onSubmit={() => remove.mutate()}>
      Only an empty folder is deleted.
    </FormDialog>
  );
}
