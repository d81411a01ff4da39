import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, body } from '../../api/client';
import { useOrganization } from '../../shell/organization';

/** The roles of a member; several add up. */
export function RolesInput({ value, onChange, error, without = [] }: { value: string[]; onChange: (roles: string[]) => void; error?: string; without?: string[] }) {
  const { slug } = useOrganization();
  const roles = useQuery({ queryKey: [slug, 'roles'], queryFn: () => body(api.GET('/v1/roles')) });
  return (
    <MultiSelect
      label="Roles"
      description="Several add up."
      data={roles.data?.items.filter((role) => !without.includes(role.name)).map((role) => ({ value: role.name, label: role.name.replaceAll('_', ' ') })) ?? []}
      value={value}
      onChange={onChange}
      error={error}
      searchable
    />
  );
}
