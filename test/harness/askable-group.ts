import { idOf, type Person } from './person.ts';

/** Sequences that every organisation starts with. */
export const ONE_APPROVER = '5a11d0000000000000000001';
export const TWO_FELLOW_ADMINS = '5a11d0000000000000000002';

/** A group that everybody may ask for, for at most eight hours. */
export const makeAskableGroup = async (
  admin: Person,
  sequence: string = ONE_APPROVER,
  name = 'Payroll operators',
): Promise<{ readonly groupId: string; readonly conditionId: string }> => {
  const groupId = idOf(await admin.call('POST', '/api/v1/groups', { profile: { name } }));
  const conditions = `/governance/api/v2/resources/${groupId}/request-conditions`;
  const conditionId = idOf(
    await admin.call('POST', conditions, {
      name: `${name} for a while`,
      requesterSettings: { type: 'EVERYONE' },
      accessScopeSettings: { type: 'RESOURCE_DEFAULT' },
      accessDurationSettings: { type: 'REQUESTER_SPECIFIED_DURATION', maximumDuration: 'PT8H' },
      approvalSequenceId: sequence,
    }),
  );
  idOf(await admin.call('POST', `${conditions}/${conditionId}/activate`));
  return { groupId, conditionId };
};
