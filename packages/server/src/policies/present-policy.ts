import { toIso } from '@sallyport/model/instant';
import type { LogTarget } from '@sallyport/model/log-event';
import { isDoorType } from '@sallyport/model/policy';
import type { Row } from '../store/tables.ts';
import type { StoredActions, StoredConditions } from './rule-documents.ts';

const lifecycleLink = (self: string, status: string) => {
  const verb = status === 'ACTIVE' ? 'deactivate' : 'activate';
  return { [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } } };
};

/** What clients take for granted is written out, whether or not somebody said it. */
const usualConditions = (type: string, stored: StoredConditions) => {
  const { people, userType, ...others } = stored;
  const users = { ...people?.users, exclude: people?.users?.exclude ?? [] };
  const shown = { people: { ...people, users }, ...others };
  if (type === 'ACCESS_POLICY')
    return { ...shown, userType: { include: userType?.include ?? [], exclude: userType?.exclude ?? [] } };
  const network = others.network ?? { connection: 'ANYWHERE' };
  return type === 'SIGN_ON'
    ? { ...shown, authContext: others.authContext ?? { authType: 'ANY' }, network }
    : { ...shown, network };
};
const usualActions = ({ appSignOn, signon, passwordChange, enroll }: StoredActions) => ({
  ...(enroll === undefined ? {} : { enroll }),
  ...(appSignOn === undefined
    ? {}
    : { appSignOn: { ...appSignOn, keepMeSignedIn: appSignOn.keepMeSignedIn ?? { postAuth: 'NOT_ALLOWED' } } }),
  ...(signon === undefined
    ? {}
    : {
        signon: {
          ...signon,
          primaryFactor: signon.primaryFactor ?? 'PASSWORD_IDP_ANY_FACTOR',
          rememberDeviceByDefault: false,
        },
      }),
  ...(passwordChange === undefined
    ? {}
    : {
        passwordChange,
        selfServicePasswordReset: { access: 'DENY', type: 'selfServicePasswordReset' },
        selfServiceUnlock: { access: 'DENY' },
      }),
});

export const presentRule = (row: Row<'policyRules'>, origin: string) => {
  const self = `${origin}/api/v1/policies/${row.policyId}/rules/${row.id}`;
  const isSystem = row.isSystem === 1;
  return {
    id: row.id,
    status: row.status,
    name: row.name,
    priority: row.priority,
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    system: isSystem,
    conditions: isSystem ? null : usualConditions(row.type, JSON.parse(row.conditions) as StoredConditions),
    actions: usualActions(JSON.parse(row.actions) as StoredActions),
    type: row.type,
    _links: {
      self: { href: self, hints: { allow: isSystem ? ['GET', 'PUT'] : ['GET', 'PUT', 'DELETE'] } },
      ...(isSystem ? {} : lifecycleLink(self, row.status)),
    },
  };
};

export const presentPolicy = (row: Row<'policies'>, origin: string, rules: readonly Row<'policyRules'>[] | null) => {
  const self = `${origin}/api/v1/policies/${row.id}`;
  const isSystem = row.isSystem === 1;
  const embedded = {
    ...(row.type === 'ACCESS_POLICY' ? { resourceType: 'APP' } : {}),
    ...(rules === null ? {} : { rules: rules.map((rule) => presentRule(rule, origin)) }),
  };
  return {
    id: row.id,
    status: row.status,
    name: row.name,
    description: row.description,
    priority: row.priority,
    system: isSystem,
    conditions: row.conditions === '{}' ? null : (JSON.parse(row.conditions) as unknown),
    created: toIso(row.createdAt),
    lastUpdated: toIso(row.lastUpdatedAt),
    type: row.type,
    ...(isDoorType(row.type) ? {} : { settings: JSON.parse(row.settings) as Record<string, unknown> }),
    ...(Object.keys(embedded).length === 0 ? {} : { _embedded: embedded }),
    _links: {
      self: { href: self, hints: { allow: isSystem ? ['GET', 'PUT'] : ['GET', 'PUT', 'DELETE'] } },
      rules: { href: `${self}/rules`, hints: { allow: ['GET', 'POST'] } },
      mappings: { href: `${self}/mappings`, hints: { allow: ['GET', 'POST'] } },
      ...(isSystem ? {} : lifecycleLink(self, row.status)),
    },
  };
};

/** What a reader's `ETag` and a writer's `If-Match` are made of. */
export const ruleDocument = ({ name, priority, status, conditions, actions }: Row<'policyRules'>) => ({
  name,
  priority,
  status,
  conditions,
  actions,
});
/** Of the policy itself; its rules have tags of their own. */
export const policyDocument = (row: Row<'policies'>) => {
  const { name, description, priority, status, conditions, settings } = row;
  return { name, description, priority, status, conditions, settings };
};

export const policyTarget = (row: Pick<Row<'policies'>, 'id' | 'name' | 'type'>): LogTarget => ({
  id: row.id,
  type: 'PolicyEntity',
  alternateId: row.name,
  displayName: row.name,
  detailEntry: { policyType: row.type },
});
export const ruleTarget = (row: Row<'policyRules'>): LogTarget => ({
  id: row.id,
  type: 'PolicyRule',
  alternateId: row.name,
  displayName: row.name,
  detailEntry: { policyRuleFactorMode: row.type },
});
