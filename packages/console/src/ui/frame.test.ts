import { describe, expect, it } from 'vitest';
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
