const local = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A point in time as people here read it, with UTC on hover. */
export function Time({ at }: { at: string }) {
  const time = new Date(at);
  return (
    <time dateTime={at} title={`${time.toISOString().replace('T', ' ').slice(0, 19)} UTC`} style={{ whiteSpace: 'nowrap' }}>
      {local.format(time)}
    </time>
  );
}

const steps: [number, string][] = [[86_400, 'd'], [3_600, 'h'], [60, 'min']];

/** A length of time in its largest unit with one decimal. */
export function Duration({ from, to }: { from: string; to: string }) {
  const milliseconds = new Date(to).getTime() - new Date(from).getTime();
  if (milliseconds < 1000) return <>{Math.max(0, Math.round(milliseconds))} ms</>;
  const seconds = milliseconds / 1000;
  const step = steps.find(([size]) => seconds >= size);
  return <>{step ? `${(seconds / step[0]).toFixed(1)} ${step[1]}` : `${seconds.toFixed(1)} s`}</>;
}
