import { Progress, Stack, Table, Text } from '@mantine/core';
import type { QuotaUsage } from '../../api/schema';
import { Loaded } from '../../elements/Loaded';
import { amount, quotaNames, useUsage } from './useUsage';

const colors: Record<QuotaUsage['level'], string> = { fine: 'blue', warning: 'yellow', exceeded: 'red' };

/** Each quota with how far it is used. */
export function Usage() {
  const usage = useUsage();
  return (
    <Loaded query={usage}>
      {(found) => (
        <Stack gap="sm">
          <Table aria-label="Quotas" layout="fixed">
            <Table.Tbody>{found.quotas.map((quota) => <Row key={quota.quota} quota={quota} />)}</Table.Tbody>
          </Table>
          <Text size="sm" c="dimmed">Who runs this installation sets the limits. Beyond 80 % an event is recorded; beyond the limit no more is taken.</Text>
        </Stack>
      )}
    </Loaded>
  );
}

function Row({ quota }: { quota: QuotaUsage }) {
  const name = quotaNames[quota.quota];
  const said = quota.most === null ? `${amount(quota.quota, quota.used)}, no limit` : `${amount(quota.quota, quota.used)} of ${amount(quota.quota, quota.most)}`;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>{name}</Table.Th>
      <Table.Td>{said}{quota.level !== 'fine' && <Text span size="sm" fw={600}> · {quota.level === 'exceeded' ? 'all used' : 'nearly used'}</Text>}</Table.Td>
      <Table.Td>{quota.most !== null && <Progress value={quota.most === 0 ? 100 : Math.min((quota.used / quota.most) * 100, 100)} color={colors[quota.level]} aria-label={`${name}: ${said}`} />}</Table.Td>
    </Table.Tr>
  );
}
