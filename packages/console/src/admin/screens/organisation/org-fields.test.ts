import type { OrgDetailAnswer } from '@sallyport/client/answers';
import { describe, expect, it } from 'vitest';
import { CallError } from '../../../browser/call.ts';
import { faultOf } from '../../ui/fault-of.ts';
import { bodyOf, changesOf, helpWords } from './org-fields.ts';

const ORG: OrgDetailAnswer = {
  id: '00o1',
  companyName: 'Example',
  address1: null,
  address2: null,
  city: 'Oslo',
  state: null,
  postalCode: null,
  country: null,
  phoneNumber: null,
  website: null,
  supportPhoneNumber: null,
  endUserSupportHelpURL: null,
  lastUpdated: '2026-01-01T00:00:00.000Z',
  contacts: [],
  showEndUserFooter: true,
};

describe('what is typed about the organisation', () => {
  it('says only what is different', () => {
    expect(bodyOf(ORG, {})).toEqual({});
    expect(bodyOf(ORG, { companyName: ' Example ', city: 'Oslo', website: '  ' })).toEqual({});
    expect(bodyOf(ORG, { city: '', website: 'www.example.com ' })).toEqual({ city: '', website: 'www.example.com' });
  });
  it('leaves alone what somebody else changed, and tells of the newest', () => {
    const typed = { country: 'Norway' };
    expect(bodyOf({ ...ORG, city: 'Bergen' }, typed)).toEqual({ country: 'Norway' });
    expect(changesOf({ ...ORG, country: 'Sweden' }, typed)).toEqual([
      { what: 'Country', from: 'Sweden', to: 'Norway' },
    ]);
    expect(changesOf(ORG, { city: '' })).toEqual([{ what: 'City', from: 'Oslo', to: 'nothing' }]);
  });
  it('finds why a field was refused', () => {
    const body = { errorCode: 'E0000001', errorCauses: [{ errorSummary: 'website: must be the address of a page' }] };
    const error = new CallError(400, body);
    expect(faultOf(error, 'website')).toBe('must be the address of a page');
    expect(faultOf(error, 'web')).toBeNull();
    expect(faultOf(null, 'website')).toBeNull();
  });
  it.each([
    [{}, null],
    [{ supportPhoneNumber: '+47 1' }, 'Need help? Call +47 1.'],
    [{ endUserSupportHelpURL: 'help.example.com' }, 'Need help? Open the help page.'],
    [
      { supportPhoneNumber: '+47 1', endUserSupportHelpURL: 'help.example.com' },
      'Need help? Call +47 1 or open the help page.',
    ],
  ] as const)('pages end for %j with %s', (said, words) => expect(helpWords({ ...ORG, ...said })).toBe(words));
});
