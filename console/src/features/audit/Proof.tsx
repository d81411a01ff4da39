import { Alert, List, Loader, Text, ThemeIcon } from '@mantine/core';
import { IconCheck, IconClock, IconShieldCheck, IconShieldX, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import type { AuditEvent } from '../../api/schema';
import { ProblemAlert } from '../../elements/ProblemAlert';
import { useOrganization } from '../../shell/organization';

const means: Record<string, string> = {
  content: 'The event is what was recorded',
  leaf: 'It is the sealed entry',
  chain: 'Its entry follows the one before',
};

/** Whether this one event still is what was sealed, step by step. */
export function Proof({ event }: { event: AuditEvent }) {
  const { slug } = useOrganization();
  const proof = useQuery({
    queryKey: [slug, 'audit proof', event.id, event.index],
    queryFn: () => body(api.GET('/v1/audit-events/{id}/verify', { params: { path: { id: event.id } } })),
  });
  if (proof.isPending) return <Loader size="sm" aria-label="Verifying" />;
  if (!proof.data) return <ProblemAlert error={proof.error} />;
  const { pending, valid, steps } = proof.data;
  if (pending) return <Alert role="status" color="yellow" icon={<IconClock aria-hidden />} title="Not sealed yet">It is recorded; the log takes it up within moments.</Alert>;
  return (
    <Alert role="status" color={valid ? 'teal' : 'red'} icon={valid ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />} title={valid ? 'The proof holds' : 'The proof does not hold'}>
      <List spacing={4} size="sm" center listStyleType="none">
        {steps.map((step) => (
          <List.Item key={step.name} icon={<ThemeIcon size={18} radius="xl" color={step.holds ? 'teal' : 'red'}>{step.holds ? <IconCheck size={13} aria-hidden /> : <IconX size={13} aria-hidden />}</ThemeIcon>}>
            <Text span size="sm" fw={500}>{means[step.name] ?? step.name}</Text>{!step.holds && `: does not hold. ${step.fault ?? ''}`}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
