import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: 8,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace',
  defaultRadius: 'md',
  headings: { fontWeight: '600' },
  respectReducedMotion: true,
});

/** Mantine's own greys and reds miss the contrast of WCAG 2.2 AA (4.5:1) on our surfaces. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a626a',
    '--mantine-color-placeholder': '#6a727a',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-8)',
    '--mantine-color-yellow-light-color': '#704700',
    '--mantine-color-teal-light-color': '#055c42',
    '--mantine-color-red-light-color': '#a01c1c',
    '--mantine-color-blue-light-color': '#0f4f8c',
    '--fluxgate-surface': '#f7f8fa',
  },
  dark: {
    '--mantine-color-dimmed': '#b0b3b8',
    '--mantine-color-placeholder': '#9a9da3',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': 'var(--mantine-color-indigo-3)',
    '--fluxgate-surface': '#1b1b1b',
  },
});
