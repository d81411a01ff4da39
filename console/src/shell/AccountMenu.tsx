import { Avatar, Menu, Text, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconBuilding, IconLogout, IconMoon, IconSettings, IconSun } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client';
import type { Me, MyOrganization } from '../api/schema';

/** The own account: who one is, other organizations, appearance, sign out. */
export function AccountMenu({ me, organization }: { me: Me; organization: MyOrganization }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const scheme = useComputedColorScheme('light');
  const { setColorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    mutationFn: () => api.POST('/v1/auth/sign-out'),
    onSettled: async () => {
      await navigate({ to: '/sign-in' });
      client.clear();
    },
  });
  const others = me.organizations.filter((other) => other.id !== organization.id);
  return (
    <Menu position="bottom-end" width={260} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${me.display_name}`}>
          <Avatar color="indigo" variant="filled" radius="xl" size={36} alt="">{initials(me.display_name)}</Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" c="var(--mantine-color-text)" fw={600} dir="auto" truncate>{me.display_name}</Text>
          <Text size="xs" truncate>{me.email}</Text>
        </Menu.Label>
        <Menu.Divider />
        {others.map((other) => (
          <Menu.Item key={other.id} leftSection={<IconBuilding size={16} aria-hidden />} onClick={() => void navigate({ to: '/o/$slug', params: { slug: other.slug } })}>{other.name}</Menu.Item>
        ))}
        <Menu.Item leftSection={<IconSettings size={16} aria-hidden />} onClick={() => void navigate({ to: '/o/$slug/settings', params: { slug: organization.slug } })}>Settings</Menu.Item>
        <Menu.Item leftSection={scheme === 'dark' ? <IconSun size={16} aria-hidden /> : <IconMoon size={16} aria-hidden />} onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}>
          {scheme === 'dark' ? 'Light appearance' : 'Dark appearance'}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const initials = (name: string) => name.split(/\s+/).slice(0, 2).map((part) => [...part][0] ?? '').join('').toUpperCase();
