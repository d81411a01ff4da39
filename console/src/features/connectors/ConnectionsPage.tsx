import { Tabs } from '@mantine/core';
import { Page } from '../../elements/Page';
import { useOrganization } from '../../shell/organization';
import { Credentials } from '../credentials/Credentials';
import { Connectors } from './Connectors';

export function ConnectionsPage() {
  const organization = useOrganization();
  const seesConnectors = organization.mayOnGrant('connectors:read');
  const seesCredentials = organization.mayOnGrant('credentials:read');
  return (
    <Page title="Connections">
      <Tabs defaultValue={seesConnectors ? 'connectors' : 'credentials'} keepMounted={false}>
        <Tabs.List mb="md">
          {seesConnectors && <Tabs.Tab value="connectors">Connectors</Tabs.Tab>}
          {seesCredentials && <Tabs.Tab value="credentials">Credentials</Tabs.Tab>}
        </Tabs.List>
        {seesConnectors && <Tabs.Panel value="connectors"><Connectors /></Tabs.Panel>}
        {seesCredentials && <Tabs.Panel value="credentials"><Credentials /></Tabs.Panel>}
      </Tabs>
    </Page>
  );
}
