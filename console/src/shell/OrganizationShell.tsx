import { AppShell, Burger, Center, Group, Loader, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { createLink, Navigate, Outlet, useLocation, useParams } from '@tanstack/react-router';
import { forwardRef, useEffect, type ComponentProps } from 'react';
import { ApiProblem } from '../api/problem';
import type { Me, MyOrganization } from '../api/schema';
import { ProblemAlert } from '../elements/ProblemAlert';
import { QuotaAlert } from '../features/usage/QuotaAlert';
import { AccountMenu } from './AccountMenu';
import { CommandPalette } from './CommandPalette';
import { useMe } from './me';
import { NotFound } from './NotFound';
import { OrganizationContext } from './organization';
import { placesFor } from './places';

const PlaceNavLink = createLink(forwardRef<HTMLAnchorElement, ComponentProps<typeof NavLink<'a'>>>((properties, ref) => <NavLink component="a" ref={ref} {...properties} />));

/** Everything of one organization: header, navigation by permission, and the page. */
export function OrganizationShell() {
  const { slug } = useParams({ from: '/o/$slug' });
  const me = useMe();
  const location = useLocation();
  if (me.error instanceof ApiProblem && me.error.status === 401) return <Navigate to="/sign-in" search={{ return: location.href }} replace />;
  if (me.error && !me.data) return <ProblemAlert error={me.error} />;
  if (!me.data) return <Center h="100vh"><Loader aria-label="Loading" /></Center>;
  const organization = me.data.organizations.find((found) => found.slug === slug);
  if (!organization) return <NotFound />;
  return (
    <OrganizationContext value={organization}>
      <Frame me={me.data} organization={organization} key={slug} />
    </OrganizationContext>
  );
}

function Frame({ me, organization }: { me: Me; organization: MyOrganization }) {
  const [opened, navigation] = useDisclosure();
  const { pathname } = useLocation();
  useEffect(() => navigation.close(), [pathname, navigation.close]);
  const places = placesFor(organization);
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !opened } }} padding={{ base: 'md', sm: 'xl' }}>
      <a href="#content" className="fluxgate-skip">Skip to the content</a>
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap" gap="sm">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger opened={opened} onClick={navigation.toggle} hiddenFrom="sm" size="sm" aria-label={opened ? 'Close the navigation' : 'Open the navigation'} />
            <Text fw={700} size="lg" c="var(--mantine-color-anchor)" visibleFrom="xs">Fluxgate</Text>
            <Text fw={500} truncate dir="auto" title={organization.name}>{organization.name}</Text>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <CommandPalette places={places} organization={organization} />
            <AccountMenu me={me} organization={organization} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Places">
        {places.map((place) => {
          const active = pathname.startsWith(place.to.replace('$slug', encodeURIComponent(organization.slug)));
          return (
            <PlaceNavLink
              key={place.to}
              to={place.to}
              params={{ slug: organization.slug }}
              label={place.label}
              active={active}
              aria-current={active ? 'page' : undefined}
              leftSection={<place.icon size={19} stroke={1.7} aria-hidden />}
              className="fluxgate-place"
              mb={2}
            />
          );
        })}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <QuotaAlert />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
