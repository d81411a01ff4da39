import { Button, PasswordInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

/** Revokes a key that was found where it does not belong, whoever's it is. */
export function ReportLeak() {
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpened(true)}>Report a leaked key</Button>
      {opened && <ReportDialog onClose={() => setOpened(false)} />}
    </>
  );
}

function ReportDialog({ onClose }: { onClose: () => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const report = useMutation({
    mutationFn: (leak: { key: string; source: string }) => body(api.POST('/v1/leak-reports', { body: leak })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [slug, 'api keys'] });
      sayDone('If there is such a key, it is revoked now.');
      onClose();
    },
  });
  const fields = useFields({ key: '', source: '' }, report.error);
  return (
    <FormDialog opened onClose={onClose} title="Report a leaked key" submit="Revoke it" pending={report.isPending} error={report.error} shown={fields.shown} onSubmit={() => report.mutate(fields.values)}>
      <Text size="sm">Paste the whole key. It is revoked at once.</Text>
      <PasswordInput label="Key" autoComplete="off" data-autofocus {...fields.bind('key')} />
      <TextInput label="Where it was found" dir="auto" {...fields.bind('source')} />
    </FormDialog>
  );
}
