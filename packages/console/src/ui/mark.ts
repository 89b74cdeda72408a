import { html } from './html.ts';

/** The mark: a gate within a gate, of which one is always shut. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <rect class="mark-ground" width="32" height="32" rx="8"></rect>
  <g fill="none" stroke="#fff" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round">
    <path d="M6.5 25V14.5a9.5 9.5 0 0 1 19 0V25"></path>
    <path d="M12 25v-9.5a4 4 0 0 1 8 0V25"></path>
  </g>
</svg>`;
