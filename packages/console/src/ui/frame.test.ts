import { describe, expect, it } from 'vitest';
import { renderAuthenticatorsPage } from '../pages/authenticators.ts';
import { renderClaimPage } from '../pages/claim.ts';
import { renderEndedPage } from '../pages/ended.ts';
import { renderProvePage } from '../pages/prove.ts';
import { renderResetPasswordPage } from '../pages/reset-password.ts';
import { renderSessionsPage } from '../pages/sessions.ts';
import { renderSignInPage } from '../pages/sign-in.ts';

const ORG = `"><script>alert('org')</script>`;
const input = { nonce: 'abc+/=', org: { name: ORG, help: null }, reason: 'idle' };

describe.each([
  ['claim', renderClaimPage(input)],
  ['reset-password', renderResetPasswordPage(input)],
  ['sign-in', renderSignInPage(input)],
  ['ended', renderEndedPage(input)],
  ['prove', renderProvePage({ ...input, asked: { challenge: ORG } })],
  ['sessions', renderSessionsPage(input)],
  ['authenticators', renderAuthenticatorsPage(input)],
])('the page %s', (_name, page) => {
  it('escapes the name of the organisation', () => {
    expect(page).not.toContain(ORG);
    expect(page).toContain('&quot;&gt;&lt;script&gt;');
  });

  it('has nothing inline that its policy would refuse', () => {
    expect(page).not.toMatch(/\sstyle=|<style|\son\w+=/);
    for (const [script] of page.matchAll(/<script\b[^>]*>/g)) expect(script).toContain('nonce="abc+/="');
  });

  it('never lets a form write into the address bar', () => {
    for (const [form] of page.matchAll(/<form\b[^>]*>/g)) expect(form).toContain('method="post"');
  });
});

describe('the line about help', () => {
  const lineOf = (help: { phone: string | null; page: string | null } | null): string =>
    /<p class="help">.*<\/p>/.exec(renderEndedPage({ ...input, org: { name: 'Example', help } }))?.[0] ?? '';
  it.each([
    [{ phone: '+47 22', page: null }, '<p class="help">Need help? Call <a href="tel:+4722">+47 22</a>.</p>'],
    [
      { phone: null, page: 'https://help.example.org/' },
      '<p class="help">Need help? Open <a href="https://help.example.org/" rel="noreferrer">the help page</a>.</p>',
    ],
    [
      { phone: '22', page: 'https://h.example/' },
      '<p class="help">Need help? Call <a href="tel:22">22</a> or open <a href="https://h.example/" rel="noreferrer">the help page</a>.</p>',
    ],
    [null, ''],
  ])('for %j is %s', (help, line) => {
    expect(lineOf(help)).toBe(line);
  });
});
