import { Button, Fieldset, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body, ifMatch } from '../../api/client';
import type { AnomalySettings as Settings } from '../../api/schema';
import { sayDone } from '../../elements/done';
import { useFields } from '../../elements/fields';
import { FormDialog } from '../../elements/FormDialog';
import { useOrganization } from '../../shell/organization';

type Flag = { [K in keyof Settings]: Settings[K] extends boolean ? K : never }[keyof Settings];
type Amount = Exclude<keyof Settings, Flag>;

interface Kind {
  on: Flag;
  label: string;
  suspends?: Flag;
  numbers: { name: Amount; label: string }[];
}

const kinds: Kind[] = [
  { on: 'volume', label: 'A key makes many more requests in an hour than usual', suspends: 'volume_suspends', numbers: [{ name: 'volume_factor', label: 'Times the median hour' }, { name: 'volume_over', label: 'And more requests than' }] },
  { on: 'new_network', label: 'A key is used from a new network', suspends: 'new_network_suspends', numbers: [] },
  { on: 'error_rate', label: 'Many requests of a key have errors', suspends: 'error_rate_suspends', numbers: [{ name: 'error_percent', label: 'More than, in percent' }, { name: 'error_calls', label: 'Of the last requests' }] },
  { on: 'unusual_hours', label: 'A key is used at an unusual hour of the day', suspends: 'unusual_hours_suspends', numbers: [{ name: 'usual_days', label: 'Days of a week with requests' }] },
  { on: 'outbound_bytes', label: 'A connector sends much more in an hour than usual', numbers: [{ name: 'outbound_factor', label: 'Times the median hour' }, { name: 'outbound_over', label: 'And more bytes than' }] },
  { on: 'new_host', label: 'A connector calls a new host', numbers: [] },
];

/** What the organization calls unusual: shown to all who see anomalies, changed by who may change the organization. */
export function AnomalySettings() {
  const { slug } = useOrganization();
  const [opened, setOpened] = useState(false);
  const settings = useQuery({ queryKey: [slug, 'anomaly settings'], queryFn: () => body(api.GET('/v1/anomaly-settings')), enabled: opened });
  return (
    <>
      <Button variant="default" loading={opened && settings.isPending} onClick={() => setOpened(true)}>What is unusual</Button>
      {opened && settings.data && <SettingsDialog key={settings.data.version} settings={settings.data.settings} version={settings.data.version} onClose={() => setOpened(false)} />}
    </>
  );
}

const amounts = [...kinds.flatMap((kind) => kind.numbers.map((number) => number.name)), 'history_hours'] as const satisfies readonly Amount[];

function SettingsDialog({ settings, version, onClose }: { settings: Settings; version: number; onClose: () => void }) {
  const organization = useOrganization();
  const client = useQueryClient();
  const [flags, setFlags] = useState(settings);
  const save = useMutation({
    mutationFn: (next: Settings) => body(api.PUT('/v1/anomaly-settings', { body: next, headers: ifMatch(version) })),
    onSuccess: (saved) => {
      sayDone('The settings are saved.');
      onClose();
      client.setQueryData([organization.slug, 'anomaly settings'], saved);
    },
  });
  const fields = useFields(Object.fromEntries(amounts.map((name) => [name, String(settings[name])])), save.error);
  const readOnly = !organization.may('organization:write');
  const flag = (name: Flag, label: string, disabled = false) => (
    <Switch label={label} checked={flags[name]} disabled={readOnly || disabled} onChange={(event) => setFlags({ ...flags, [name]: event.currentTarget.checked })} />
  );
  const number = (name: Amount, label: string) => <NumberInput key={name} label={label} readOnly={readOnly} w={240} {...fields.bindNumber(name)} />;
  return (
    <FormDialog opened onClose={onClose} title="What is unusual" size="lg" submit="Save" readOnly={readOnly} pending={save.isPending} error={save.error} shown={fields.shown}
      onSubmit={() => save.mutate({ ...flags, ...Object.fromEntries(amounts.map((name) => [name, Number(fields.values[name])])) })}>
      {kinds.map((kind) => (
        <Fieldset key={kind.on} legend={kind.label}>
          <Stack gap="sm">
            <Group>
              {flag(kind.on, 'Tell of it')}
              {kind.suspends && flag(kind.suspends, 'Suspend the key', !flags[kind.on])}
            </Group>
            {kind.numbers.length > 0 && <Group>{kind.numbers.map(({ name, label }) => number(name, label))}</Group>}
          </Stack>
        </Fieldset>
      ))}
      {number('history_hours', 'Hours until a key or connector is known')}
    </FormDialog>
  );
}
