import { Button, Code, FileInput, Group, Stack, Switch, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '../../api/client';
import type { ApiKey } from '../../api/schema';
import { ConfirmButton } from '../../elements/ConfirmButton';
import { Loaded } from '../../elements/Loaded';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { Time } from '../../elements/Time';
import { useOrganization } from '../../shell/organization';

/** What a key signs its requests with, and whether it has to. */
export function Signing({ entry, onSecret }: { entry: ApiKey; onSecret: (secret: string) => void }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const queryKey = [slug, 'signing keys', entry.id];
  const path = { id: entry.id };
  const keys = useQuery({ queryKey, queryFn: () => body(api.GET('/v1/api-keys/{id}/signing-keys', { params: { path } })) });
  const [file, setFile] = useState<File | null>(null);
  const [required, setRequired] = useState(entry.signature_required);
  const add = useMutation({
    mutationFn: async () => body(api.POST('/v1/api-keys/{id}/signing-keys', {
      params: { path }, body: file ? { algorithm: 'ed25519', public_key: await file.text() } : { algorithm: 'hmac_sha256' },
    })),
    onSuccess: async (created) => {
      setFile(null);
      if (created.secret) onSecret(created.secret);
      await client.invalidateQueries({ queryKey });
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.DELETE('/v1/api-keys/{id}/signing-keys/{signing_key_id}', { params: { path: { ...path, signing_key_id: id } } }),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  const require = useMutation({
    mutationFn: (next: boolean) => body(api.PUT('/v1/api-keys/{id}/signing', { params: { path }, body: { required: next } })),
    onSuccess: async (saved) => {
      setRequired(saved.signature_required);
      await client.invalidateQueries({ queryKey: [slug, 'api keys'] });
    },
  });
  return (
    <Stack>
      <Text size="sm">Requests are signed by HTTP Message Signatures (RFC 9421). A captured one cannot be sent again, and what signs it is never sent.</Text>
      <Loaded query={keys}>
        {({ items }) => (
          <>
            {items.length === 0 ? <Text size="sm" c="dimmed">No signing key yet.</Text> : (
              <Table aria-label="Signing keys">
                <Table.Tbody>
                  {items.map((key) => (
                    <Table.Tr key={key.id}>
                      <Table.Td><Code>{key.key_id}</Code></Table.Td>
                      <Table.Td>{key.algorithm === 'ed25519' ? 'Ed25519' : 'HMAC-SHA-256'}</Table.Td>
                      <Table.Td><Time at={key.created_at} /></Table.Td>
                      <Table.Td ta="end"><RemoveKey keyId={key.key_id} remove={() => remove.mutateAsync(key.id)} /></Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )}
            <Group align="end">
              <FileInput label="Ed25519 public key (PEM)" description="Without one a secret for HMAC-SHA-256 is made." clearable value={file} onChange={setFile} style={{ flex: 1 }} />
              <Button loading={add.isPending} onClick={() => add.mutate()}>Add a signing key</Button>
            </Group>
            <Switch label="Take requests of this key only if they are signed" checked={required} disabled={require.isPending} onChange={(event) => require.mutate(event.currentTarget.checked)} />
          </>
        )}
      </Loaded>
      <ProblemAlert error={add.error ?? remove.error ?? require.error} />
    </Stack>
  );
}

function RemoveKey({ keyId, remove }: { keyId: string; remove: () => Promise<unknown> }) {
  const action = useMutation({ mutationFn: remove });
  return <ConfirmButton action={action} label="Remove">Signatures by {keyId} are refused from now on.</ConfirmButton>;
}
