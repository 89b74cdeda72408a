/** Access for a while, as the demo's organisation has it: asked for, approved by two others, running, run out, reviewed. */
import type { Person } from '../test/harness/person.ts';
import { must } from './must.ts';
import type { DemoClock } from './week.ts';

/** The sequence that every organisation starts with. */
const TWO_FELLOW_ADMINS = '5a11d0000000000000000002';
const MINUTE = 60_000;

export interface DemoAccess {
  /** Somebody has something for a while, of yesterday: it has run out. */
  yesterday(): Promise<void>;
  /** One grant is running, one request waits for its second yes, and a review of all roles is open. */
  today(): Promise<void>;
}

/**
 * Sets up what may be asked for, by whoever is on call. Ana made all accounts this week and therefore approves nothing. Everybody signs in where they act, as the week has them sign in
 * and out.
 */
export const prepareAccess = async (
  clock: DemoClock,
  owner: Person,
  onCall: readonly string[],
  person: (login: string) => Person,
): Promise<DemoAccess> => {
  const made = async (path: string, body: object): Promise<string> =>
    String(must(await owner.call('POST', path, body), path).body['id']);
  const group = await made('/api/v1/groups', { profile: { name: 'On call' } });
  for (const id of onCall) must(await owner.call('PUT', `/api/v1/groups/${group}/users/${id}`), 'on call');
  const apps = must(await owner.get('/api/v1/apps'), 'apps').body as unknown as { id: string; name: string }[];
  const consoleId = apps.find(({ name }) => name === 'saasure')?.id ?? '';
  const conditions = `/governance/api/v2/resources/${consoleId}/request-conditions`;
  const offer = async (name: string, role: string, hours: number): Promise<string> => {
    const bundle = await made('/api/v1/iam/governance/bundles', {
      name,
      description: 'By request, for whoever is on call',
      entitlements: [{ role }],
    });
    const condition = await made(conditions, {
      name,
      requesterSettings: { type: 'GROUPS', groups: [{ id: group }] },
      accessScopeSettings: { type: 'ENTITLEMENT_BUNDLES', entitlementBundles: [{ id: bundle }] },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: `PT${hours}H` },
      approvalSequenceId: TWO_FELLOW_ADMINS,
    });
    must(await owner.call('POST', `${conditions}/${condition}/activate`), name);
    return bundle;
  };
  const superAdmin = await offer('Super admin', 'SUPER_ADMIN', 4);
  const helpDesk = await offer('Help desk', 'HELP_DESK_ADMIN', 8);

  const signedIn = async (login: string): Promise<Person> => {
    clock.goTo(clock.now() + MINUTE);
    const one = person(login);
    must(await one.signIn(), login);
    return one;
  };
  const ask = async (login: string, bundle: string, duration: string, reason: string, ticket: string) => {
    const asker = await signedIn(login);
    const body = { entitlement: { kind: 'bundle', id: bundle }, duration, reason, ticket };
    return String(must(await asker.call('POST', '/sallyport/v1/requests', body), reason).body['id']);
  };
  const approve = async (login: string, id: string): Promise<void> => {
    const approver = await signedIn(login);
    const { digest } = must(await approver.get(`/sallyport/v1/requests/${id}`), 'request').body;
    must(await approver.call('POST', `/sallyport/v1/requests/${id}/approve`, { digest }), `${login} approves`);
  };

  return {
    async yesterday() {
      const id = await ask(
        'chi.okafor@contoso.example',
        superAdmin,
        'PT1H',
        'Renew the certificate of the log stream',
        'CHG-4390',
      );
      await approve('bo.lindqvist@contoso.example', id);
      await approve('eli.moreau@contoso.example', id);
    },
    async today() {
      const running = await ask(
        'mina.sato@contoso.example',
        helpDesk,
        'PT8H',
        'Stand in for Dana at the help desk',
        'OPS-219',
      );
      await approve('bo.lindqvist@contoso.example', running);
      await approve('eli.moreau@contoso.example', running);
      const ana = await signedIn('ana.ruiz@contoso.example');
      const bo = must(await ana.get('/api/v1/users/bo.lindqvist@contoso.example'), 'reviewer').body;
      const review = must(
        await ana.call('POST', '/governance/api/v1/campaigns', {
          name: 'Administrators, every quarter',
          description: 'Who still needs the power they hold?',
          scheduleSettings: {
            type: 'ONE_OFF',
            startDate: new Date(clock.now()).toISOString(),
            durationInDays: 14,
            timeZone: 'Europe/Oslo',
          },
          reviewerSettings: { type: 'USER', reviewerId: bo['id'] },
          remediationSettings: { accessApproved: 'NO_ACTION', accessRevoked: 'DENY', noResponse: 'NO_ACTION' },
          sallyport: { kinds: ['ROLE'] },
        }),
        'review',
      );
      must(await ana.call('POST', `/governance/api/v1/campaigns/${String(review.body['id'])}/launch`), 'launch');
      const waiting = await ask(
        'lee.park@contoso.example',
        superAdmin,
        'PT2H',
        'Rotate the SAML certificate for Payroll',
        'CHG-4411',
      );
      await approve('bo.lindqvist@contoso.example', waiting);
    },
  };
};
