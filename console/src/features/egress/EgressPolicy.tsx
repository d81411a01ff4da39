import { Alert, Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, body, ifMatch } from '../../api/client';
import type { EgressPolicy as Policy } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { entries, useFields } from '../../elements/fields';
import { Loaded } from '../../elements/Loaded';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

/** What the organization's calls may reach: everything public, or what is listed. */
export function EgressPolicy() {
  const { slug } = useOrganization();
  const policy = useQuery({ queryKey: [slug, 'egress'], queryFn: () => body(api.GET('/v1/settings/egress')) });
  return <Loaded query={policy}>{(loaded) => <PolicyForm key={loaded.version} policy={loaded} />}</Loaded>;
}

function PolicyForm({ policy }: { policy: Policy }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (next: { mode: Policy['mode']; allow: string[] }) => body(api.PUT('/v1/settings/egress', { body: next, headers: ifMatch(policy.version) })),
    onSuccess: (saved) => {
      client.setQueryData([organization.slug, 'egress'], saved);
      sayDone('What outside calls may reach is saved.');
    },
  });
  const fields = useFields({ mode: policy.mode as string, allow: policy.allow.join('\n') }, save.error);
  const listed = fields.values.mode === 'allow_list';
  const mayWrite = organization.may('organization:write');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ mode: listed ? 'allow_list' : 'open', allow: entries(fields.values.allow) });
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">Private and internal addresses are never reached, unless this installation's operator opened them.</Text>
        {policy.installation_mode === 'allow_list' && <Alert color="gray">This installation has a list of its own. The list here can only narrow it.</Alert>}
        <Radio.Group label="Workflows may reach" value={fields.values.mode} onChange={(mode) => fields.set('mode', mode)} readOnly={!mayWrite}>
          <Stack gap={6} mt={6}>
            <Radio value="open" label="whatever the installation allows" disabled={!mayWrite} />
            <Radio value="allow_list" label="only what is listed" disabled={!mayWrite} />
          </Stack>
        </Radio.Group>
        {listed && (
          <Textarea
            label="Allowed hosts and ranges" description="One a line: a host, *.suffix, either maybe with :port, or an address range with its port." placeholder={'api.example.com\n*.example.org:443\n203.0.113.0/24:443'}
            autosize minRows={3} readOnly={!mayWrite} {...fields.bind('allow')}
          />
        )}
        <ProblemAlert error={save.error} shown={fields.shown} />
        {mayWrite && <Group><Button type="submit" loading={save.isPending}>Save the list</Button></Group>}
      </Stack>
    </form>
  );
}
