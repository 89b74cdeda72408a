import { describe, expect, it } from 'vitest';
import { renderDeniedPage } from './denied.ts';

const INPUT = {
  nonce: 'n',
  org: { name: 'Example', help: null },
  login: 'dana@example.org',
  reason: 'No rule matched.',
  reference: 'f3c1',
  homeUrl: 'https://sallyport.example.org/',
};

describe('renderDeniedPage', () => {
  it('says why, who is signed in, by what to find it, and the ways on', () => {
    const page = renderDeniedPage({ ...INPUT, retryUrl: 'https://admin.example.org/.sallyport/start?rd=%2F' });
    for (const part of ['No rule matched.', 'dana@example.org', 'Not you?', 'f3c1', 'href="/sign-in"', 'Go home'])
      expect(page).toContain(part);
    expect(page).toContain('href="https://admin.example.org/.sallyport/start?rd=%2F"');
  });
  it('offers a sign-in to nobody, and no second try where none helps', () => {
    const page = renderDeniedPage({ ...INPUT, login: null });
    expect(page).not.toContain('Signed in as');
    expect(page).not.toContain('Try again');
  });
  it('escapes what it is given, and runs no script', () => {
    const page = renderDeniedPage({ ...INPUT, login: '<b>"x', reference: '<script>', reason: '&' });
    expect(page).not.toMatch(/<script|<b>/);
  });
});
