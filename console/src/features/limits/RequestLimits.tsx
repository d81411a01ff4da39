import { Button, Group, NumberInput, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, body, ifMatch } from '../../api/client';
import type { LimitInForce, Limits } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields, wholeNumber } from '../../elements/fields';
import { Loaded } from '../../elements/Loaded';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

const names: Record<LimitInForce['limit'], string> = {
  address: 'A network address without a valid credential',
  user: 'A person',
  key: 'An API key',
  client_key: 'A client key, all pages together',
  organization: 'The organization',
  governance: 'An API key at the governance API',
  governance_hour: 'An API key at the governance API',
};

/** How many requests are taken, who went over, and what the organization lowers for itself. */
export function RequestLimits() {
  const organization = useOrganization();
  const limits = useQuery({ queryKey: [organization.slug, 'limits'], queryFn: () => body(api.GET('/v1/settings/limits')), refetchInterval: 60_000 });
  return (
    <Loaded query={limits}>
      {(found) => (
        <Stack>
          <Table aria-label="Limits of requests">
            <Table.Thead><Table.Tr><Table.Th>Requests of</Table.Th><Table.Th>At most</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {found.limits.map((limit) => (
                <Table.Tr key={limit.limit}>
                  <Table.Th scope="row" fw={500}>{names[limit.limit]}</Table.Th>
                  <Table.Td>{limit.quota.toLocaleString()} {limit.window_seconds === 60 ? 'a minute' : 'an hour'}{limit.quota < limit.installation_quota && ` (the installation takes ${limit.installation_quota.toLocaleString()})`}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Violations limits={found} />
          {organization.may('organization:write') && <LowerLimits key={found.version} limits={found} />}
        </Stack>
      )}
    </Loaded>
  );
}

function Violations({ limits }: { limits: Limits }) {
  if (limits.violations.length === 0) return <Text size="sm" c="dimmed">No request was refused within the last 24 hours.</Text>;
  return (
    <Table aria-label="Refused within 24 hours">
      <Table.Thead><Table.Tr><Table.Th>Refused within 24 hours</Table.Th><Table.Th>Limit of</Table.Th><Table.Th>Whose</Table.Th></Table.Tr></Table.Thead>
      <Table.Tbody>
        {limits.violations.map((violation) => (
          <Table.Tr key={`${violation.limit} ${violation.subject_id}`}>
            <Table.Td>{violation.refused.toLocaleString()}</Table.Td>
            <Table.Td>{names[violation.limit]}</Table.Td>
            <Table.Td dir="auto">{violation.subject_name ?? (violation.limit === 'organization' ? '' : violation.subject_id)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function LowerLimits({ limits }: { limits: Limits }) {
  const { slug } = useOrganization();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (next: Record<'organization_a_minute' | 'key_a_minute', string>) =>
      body(api.PUT('/v1/settings/limits', { body: { organization_a_minute: wholeNumber(next.organization_a_minute), key_a_minute: wholeNumber(next.key_a_minute) }, headers: ifMatch(limits.version) })),
    onSuccess: (saved) => {
      client.setQueryData([slug, 'limits'], saved);
      sayDone('The limits are saved.');
    },
  });
  const fields = useFields({ organization_a_minute: String(limits.organization_a_minute ?? ''), key_a_minute: String(limits.key_a_minute ?? '') }, save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(fields.values);
      }}
    >
      <Stack>
        <Group align="flex-end">
          <NumberInput label="The organization, a minute" description="Empty is what the installation takes." {...fields.bindNumber('organization_a_minute')} />
          <NumberInput label="Each API key, a minute" description="Empty is what the installation takes." {...fields.bindNumber('key_a_minute')} />
          <Button type="submit" loading={save.isPending}>Save the limits</Button>
        </Group>
        <ProblemAlert error={save.error} shown={fields.shown} />
      </Stack>
    </form>
  );
}
