import { ApiError, notFound } from '@sallyport/model/errors';
import type { Principal } from '@sallyport/model/principal';
import type { Handler } from '../http/exchange.ts';
import { putProtectedActions } from '../protected-actions/protected-action-settings.ts';
import { assertHolds } from '../roles/guard-user.ts';
import type { Services } from '../services.ts';
import { putSessionBinding } from '../session-binding/put-session-binding.ts';
import type { Row } from '../store/tables.ts';
import { recordEvent } from '../system-log/record-event.ts';

/** Features that are a view of a setting: they are on when the setting enforces. */
const AXIS_OF: Readonly<Record<string, 'asnBinding' | 'ipBinding'>> = {
  'ASN binding for Admin Console': 'asnBinding',
  'IP binding for Admin Console': 'ipBinding',
};

const PROTECTED_ACTIONS = 'Protected actions';

const statusOf = (s: Services, row: Row<'features'>): string => {
  if (row.name === PROTECTED_ACTIONS) return s.settings.get('protectedActions').isOn ? 'ENABLED' : 'DISABLED';
  const axis = AXIS_OF[row.name];
  if (axis === undefined) return row.status;
  return s.settings.modesFor('saasure')[axis] === 'ENFORCED' ? 'ENABLED' : 'DISABLED';
};

const presentFeature = (s: Services, row: Row<'features'>) => {
  const self = `${s.config.publicUrl.origin}/api/v1/features/${row.id}`;
  const status = statusOf(s, row);
  const verb = status === 'ENABLED' ? 'disable' : 'enable';
  const isSwitchable = AXIS_OF[row.name] !== undefined || row.name === PROTECTED_ACTIONS;
  return {
    id: row.id,
    type: 'self-service',
    name: row.name,
    description: row.description,
    // A feature that can still be switched is not general yet: the wire knows no `GA` of a listed one.
    stage: { value: 'EA' },
    status,
    _links: {
      self: { href: self },
      dependents: { href: `${self}/dependents` },
      dependencies: { href: `${self}/dependencies` },
      ...(isSwitchable ? { [verb]: { href: `${self}/${verb}`, hints: { allow: ['POST'] } } } : {}),
    },
  };
};

const find = async (s: Services, id: string): Promise<Row<'features'>> => {
  const row = await s.store.read.selectFrom('features').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw notFound(id, 'Feature');
  return row;
};

const switchFeature = async (s: Services, principal: Principal, row: Row<'features'>, isOn: boolean): Promise<void> => {
  const axis = AXIS_OF[row.name];
  if (axis === undefined && row.name !== PROTECTED_ACTIONS)
    throw new ApiError('E0000060', { causes: [`${row.name} cannot be switched in this version.`] });
  // The switch is another handle on the binding, and asks for the same permission.
  assertHolds(principal, 'okta.sessionBinding.manage');
  if (axis === undefined) await putProtectedActions(s, principal, { isOn });
  else await switchBinding(s, principal, axis, isOn);
  await s.store.transaction((tx) =>
    recordEvent(s, tx, principal, {
      eventType: isOn ? 'system.feature.enable' : 'system.feature.disable',
      target: [{ id: row.id, type: 'Feature', alternateId: row.name, displayName: row.name, detailEntry: null }],
    }),
  );
};

const switchBinding = async (
  s: Services,
  principal: Principal,
  axis: 'asnBinding' | 'ipBinding',
  isOn: boolean,
): Promise<void> => {
  const { asnBinding, ipBinding, apps } = s.settings.get('sessionBinding');
  // A mode of the console's own would win over the org's: the switch speaks of the console.
  const { [axis]: _replaced, ...saasure } = apps['saasure'] ?? {};
  await putSessionBinding(s, principal, {
    asnBinding,
    ipBinding,
    [axis]: isOn ? 'ENFORCED' : 'DISABLED',
    apps: { ...apps, saasure },
  });
};

export const featureHandlers = {
  'features.list': async ({ services: s }) => ({
    body: (await s.store.read.selectFrom('features').selectAll().orderBy('name').execute()).map((row) =>
      presentFeature(s, row),
    ),
  }),
  'features.get': async ({ services: s, params }) => ({
    body: presentFeature(s, await find(s, params['featureId'] ?? '')),
  }),
  'features.dependencies': async ({ services: s, params }) => {
    await find(s, params['featureId'] ?? '');
    return { body: [] };
  },
  'features.dependents': async ({ services: s, params }) => {
    await find(s, params['featureId'] ?? '');
    return { body: [] };
  },
  'features.update': async ({ services: s, principal, params }) => {
    const row = await find(s, params['featureId'] ?? '');
    const verb = (params['lifecycle'] ?? '').toLowerCase();
    if (verb !== 'enable' && verb !== 'disable') throw new ApiError('E0000008');
    await switchFeature(s, principal, row, verb === 'enable');
    return { body: presentFeature(s, row) };
  },
} satisfies Record<string, Handler>;
