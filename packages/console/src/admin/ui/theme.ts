import { Button, createTheme, Drawer, Modal, Tooltip } from '@mantine/core';

/** Behaviour of the parts; their look is in console.css, as variables. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // White on the accent is too faint in the dark theme: what stands on a colour is chosen with it.
    Button: Button.extend({
      vars: (_theme, { variant = 'filled', color }) =>
        variant === 'filled'
          ? { root: { '--button-color': color === 'red' ? 'var(--on-bad)' : 'var(--on-accent)' } }
          : { root: {} },
    }),
    // The library locks scrolling by injecting a style, which the CSP refuses; console.css does it by `:has()`.
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.5 },
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        lockScroll: false,
        position: 'right',
        closeButtonProps: { 'aria-label': 'Close' },
        overlayProps: { backgroundOpacity: 0.35 },
      },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 200, events: { hover: true, focus: true, touch: true }, multiline: true, maw: 360 },
    }),
  },
});
