import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Page } from '../../elements/Page';
import { useOrganization } from '../../shell/organization';
import { ApiKeys } from '../api-keys/ApiKeys';
import { ClientKeys } from '../client-keys/ClientKeys';
import { Groups } from '../groups/Groups';
import { Invitations } from '../invitations/Invitations';
import { Roles } from '../roles/Roles';
import { ServiceAccounts } from '../service-accounts/ServiceAccounts';
import { Members } from './Members';

export function MembersPage() {
  const organization = useOrganization();
  const { tab } = useSearch({ from: '/o/$slug/members' });
  const navigate = useNavigate();
  const people = organization.may('members:read');
  const keys = organization.may('api_keys:read');
  const show = (next: string | null) => void navigate({ to: '/o/$slug/members', params: { slug: organization.slug }, search: { tab: next ?? undefined } });
  return (
    <Page title="Members & access">
      <Tabs value={tab ?? (people ? 'members' : 'keys')} onChange={show} keepMounted={false}>
        <Tabs.List mb="md">
          {people && <Tabs.Tab value="members">Members</Tabs.Tab>}
          {people && <Tabs.Tab value="groups">Groups</Tabs.Tab>}
          {people && <Tabs.Tab value="roles">Roles</Tabs.Tab>}
          {people && <Tabs.Tab value="invitations">Invitations</Tabs.Tab>}
          {keys && <Tabs.Tab value="keys">API keys</Tabs.Tab>}
          {keys && <Tabs.Tab value="client-keys">Client keys</Tabs.Tab>}
          {keys && <Tabs.Tab value="services">Service accounts</Tabs.Tab>}
        </Tabs.List>
        {people && <Tabs.Panel value="members"><Members /></Tabs.Panel>}
        {people && <Tabs.Panel value="groups"><Groups /></Tabs.Panel>}
        {people && <Tabs.Panel value="roles"><Roles /></Tabs.Panel>}
        {people && <Tabs.Panel value="invitations"><Invitations /></Tabs.Panel>}
        {keys && <Tabs.Panel value="keys"><ApiKeys /></Tabs.Panel>}
        {keys && <Tabs.Panel value="client-keys"><ClientKeys /></Tabs.Panel>}
        {keys && <Tabs.Panel value="services"><ServiceAccounts /></Tabs.Panel>}
      </Tabs>
    </Page>
  );
}
