import { authorOf, type Principal } from '@sallyport/model/principal';
import { newId } from '../ports/random.ts';
import type { Transaction } from '../ports/store.ts';
import { forgetResource } from '../roles/forget.ts';
import type { Services } from '../services.ts';
import { recordEvent } from '../system-log/record-event.ts';

/** Catch-alls stand after everything that a person adds. */
const LAST_PRIORITY = 99;

/**
 * The key of the console's own rule, and a sign-in that is not old: a second app opens without a second touch, yet a
 * session from this morning opens no new door.
 */
const FIRST_RULE = {
  appSignOn: {
    access: 'ALLOW',
    verificationMethod: {
      type: 'ASSURANCE',
      factorMode: '2FA',
      reauthenticateIn: 'PT2H',
      constraints: [
        {
          possession: {
            required: true,
            deviceBound: 'REQUIRED',
            phishingResistant: 'REQUIRED',
            userPresence: 'REQUIRED',
            userVerification: 'REQUIRED',
          },
        },
      ],
    },
  },
};
const DENY = { appSignOn: { access: 'DENY' } };

/** Marks a policy that goes with its app. One that somebody made stays. */
const CAME_WITH_APP = JSON.stringify({ cameWithApp: true });

const policyTarget = (id: string, name: string) => ({
  id,
  type: 'PolicyEntity',
  alternateId: name,
  displayName: name,
  detailEntry: { policyType: 'ACCESS_POLICY' },
});

/**
 * The policy that an app begins with. Until somebody says who may enter, only who put the app there does (an empty
 * list would mean everybody, the trap of others), and of an app made by the host, nobody. Returns its id.
 */
export const createAppPolicy = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  label: string,
): Promise<string> => {
  const now = s.clock.now();
  const dates = { createdAt: now, lastUpdatedAt: now };
  const id = newId<string>(s.random, 'accessPolicy');
  await tx
    .insertInto('policies')
    .values({
      id,
      type: 'ACCESS_POLICY',
      name: label,
      description: null,
      priority: 1,
      status: 'ACTIVE',
      isSystem: 0,
      conditions: '{}',
      settings: CAME_WITH_APP,
      version: 1,
      ...dates,
    })
    .execute();
  const rule = {
    policyId: id,
    type: 'ACCESS_POLICY',
    status: 'ACTIVE',
    ...dates,
  };
  const people = { people: { users: { include: [authorOf(principal)] } } };
  await tx
    .insertInto('policyRules')
    .values([
      {
        ...rule,
        id: newId(s.random, 'accessRule'),
        name: 'Who may enter',
        priority: 1,
        isSystem: 0,
        conditions: JSON.stringify(people),
        actions: JSON.stringify(FIRST_RULE),
      },
      {
        ...rule,
        id: newId(s.random, 'accessRule'),
        name: 'Catch-all Rule',
        priority: LAST_PRIORITY,
        isSystem: 1,
        conditions: '{}',
        actions: JSON.stringify(DENY),
      },
    ])
    .execute();
  await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.create', target: [policyTarget(id, label)] });
  return id;
};

/** Deletes the policy that came with an app that goes, with its rules, unless another app is judged by it by now. */
export const deleteAppPolicy = async (
  s: Services,
  tx: Transaction,
  principal: Principal,
  id: string,
): Promise<void> => {
  const row = await tx.selectFrom('policies').select(['name', 'settings']).where('id', '=', id).executeTakeFirst();
  const other = await tx.selectFrom('apps').select('id').where('policyId', '=', id).executeTakeFirst();
  if (row === undefined || other !== undefined || row.settings !== CAME_WITH_APP) return;
  await tx.deleteFrom('policyRules').where('policyId', '=', id).execute();
  await tx.deleteFrom('policies').where('id', '=', id).execute();
  await forgetResource(tx, { kind: 'policy', by: 'id', id });
  await recordEvent(s, tx, principal, { eventType: 'policy.lifecycle.delete', target: [policyTarget(id, row.name)] });
};
