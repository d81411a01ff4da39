import { Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, body, ifMatch } from '../../api/client';
import type { SigningPolicy as Policy } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { Loaded } from '../../elements/Loaded';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

/** Which requests of API keys are to be signed, whatever the keys themselves say. */
export function SigningPolicy() {
  const { slug } = useOrganization();
  const policy = useQuery({ queryKey: [slug, 'signing policy'], queryFn: () => body(api.GET('/v1/settings/signed-requests')) });
  return <Loaded query={policy}>{(loaded) => <Choice policy={loaded} />}</Loaded>;
}

function Choice({ policy }: { policy: Policy }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (required: Policy['required']) => body(api.PUT('/v1/settings/signed-requests', { body: { required }, headers: ifMatch(policy.version) })),
    onSuccess: (saved) => {
      client.setQueryData([organization.slug, 'signing policy'], saved);
      sayDone('Which requests are to be signed is saved.');
    },
  });
  const mayWrite = organization.may('organization:write') && !save.isPending;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">People in this console are not concerned. A key without a signing key cannot call what has to be signed.</Text>
      <Radio.Group label="API keys have to sign" value={policy.required} onChange={(value) => save.mutate(value as Policy['required'])}>
        <Stack gap={6} mt={6}>
          <Radio value="by_key" label="what each key says itself" disabled={!mayWrite} />
          <Radio value="changes" label="whatever changes something" disabled={!mayWrite} />
          <Radio value="all" label="every request" disabled={!mayWrite} />
        </Stack>
      </Radio.Group>
      <ProblemAlert error={save.error} />
    </Stack>
  );
}
