import { expect, it } from 'vitest';
import { renderNotFoundPage } from './not-found.ts';

it('says that an address is no page, and how to go on, and runs no script', () => {
  const page = renderNotFoundPage({ nonce: 'n', org: { name: '<b>Example', help: null }, homeUrl: '/' });
  expect(page).toContain('There is no such page');
  expect(page).toContain('href="/"');
  expect(page).not.toMatch(/<script|<b>/);
});
