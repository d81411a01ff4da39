import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { Page } from '../../elements/Page';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useMe } from '../../shell/me';
import { useOrganization } from '../../shell/organization';
import { SigningPolicy } from '../api-keys/SigningPolicy';
import { EgressPolicy } from '../egress/EgressPolicy';
import { KillSwitches } from '../kill-switches/KillSwitches';
import { RequestLimits } from '../limits/RequestLimits';
import { RunRetention } from '../retention/RunRetention';
import { MySessions } from '../sign-in/MySessions';
import { Usage } from '../usage/Usage';

export function SettingsPage() {
  const organization = useOrganization();
  const me = useMe();
  return (
    <Page title="Settings">
      <Stack gap="xl">
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Organization</Title>
            {organization.may('organization:write') ? <Name key={organization.name} name={organization.name} /> : <Text dir="auto">{organization.name}</Text>}
            <Text size="sm" c="dimmed" mt="sm">Its name in addresses is {organization.slug}.</Text>
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Outside calls</Title>
            <EgressPolicy />
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Signed requests</Title>
            <SigningPolicy />
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">How long runs are kept</Title>
            <RunRetention />
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Usage</Title>
            <Usage />
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Kill switches</Title>
            <KillSwitches />
          </Paper>
        )}
        {organization.may('organization:read') && (
          <Paper withBorder p="lg" component="section">
            <Title order={2} size="h4" mb="sm">Limits of requests</Title>
            <RequestLimits />
          </Paper>
        )}
        <section>
          <Title order={2} size="h4" mb={4}>Your account</Title>
          <Text size="sm" c="dimmed" mb="md">{me.data?.display_name}, {me.data?.email}. Your roles here: {organization.roles.map((role) => role.replaceAll('_', ' ')).join(', ')}.</Text>
          <Title order={3} size="h5" mb="xs">Where you are signed in</Title>
          <MySessions />
        </section>
      </Stack>
    </Page>
  );
}

function Name({ name }: { name: string }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (organization: { name: string }) => body(api.PUT('/v1/organization', { body: organization })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['me'] });
      sayDone('The name is saved.');
    },
  });
  const fields = useFields({ name }, save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(fields.values);
      }}
    >
      <Group align="flex-end">
        <TextInput label="Name" dir="auto" {...fields.bind('name')} style={{ flex: '1 1 16rem' }} maw={420} />
        <Button type="submit" loading={save.isPending} disabled={fields.values.name === name}>Save</Button>
      </Group>
      <ProblemAlert error={fields.shown.length > 0 ? undefined : save.error} />
    </form>
  );
}
