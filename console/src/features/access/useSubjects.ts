import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { everything } from '../../api/pages';
import type { NamedGrant } from '../../api/schema';
import { useOrganization } from '../../shell/organization';

export type Subject = { key: string; subject: NamedGrant['subject']; name: string };

export const subjectKey = (subject: NamedGrant['subject']) => `${subject.kind}:${subject.id}`;

/** Whom a grant can name, as far as the person may list them. */
export function useSubjects(): Subject[] {
  const organization = useOrganization();
  const { slug } = organization;
  const members = useQuery({ queryKey: [slug, 'members', 'all'], queryFn: () => everything((query) => body(api.GET('/v1/members', { params: { query } }))), enabled: organization.may('members:read') });
  const groups = useQuery({ queryKey: [slug, 'groups', 'all'], queryFn: () => everything((query) => body(api.GET('/v1/groups', { params: { query } }))), enabled: organization.may('members:read') });
  const keys = useQuery({ queryKey: [slug, 'api-keys', 'all'], queryFn: () => everything((query) => body(api.GET('/v1/api-keys', { params: { query } }))), enabled: organization.may('api_keys:read') });
  const services = useQuery({ queryKey: [slug, 'service accounts'], queryFn: () => everything((query) => body(api.GET('/v1/service-accounts', { params: { query } }))), enabled: organization.may('api_keys:read') });
  const of = (kind: NamedGrant['subject']['kind'], id: string, name: string): Subject => ({ key: subjectKey({ kind, id }), subject: { kind, id }, name });
  return [
    ...(groups.data ?? []).map((group) => of('group', group.id, group.name)),
    ...(members.data ?? []).map((member) => of('member', member.user_id, `${member.display_name} (${member.email})`)),
    ...(services.data ?? []).map((account) => of('service_account', account.id, account.name)),
    ...(keys.data ?? []).filter((key) => !key.revoked_at).map((key) => of('api_key', key.id, `${key.name} (${key.prefix})`)),
  ];
}
