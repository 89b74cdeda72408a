import { toIso } from '@sallyport/model/instant';
import { GATEWAY_APP_NAME, settingsOf } from '../gateway/gateway-app.ts';
import type { Row } from '../store/tables.ts';

/** The Application of the wire. */
export const presentApp = (row: Row<'apps'>, origin: string) => {
  const self = `${origin}/api/v1/apps/${row.id}`;
  const isGateway = row.name === GATEWAY_APP_NAME;
  const verb = row.status === 'ACTIVE' ? 'deactivate' : 'activate';
  return {
    id: row.id,
    name: row.name,
    label: row.label,
    status: row.status,
    lastUpdated: toIso(row.lastUpdatedAt),
    created: toIso(row.createdAt),
    signOnMode: row.signOnMode,
    features: [],
    accessibility: { selfService: false, errorRedirectUrl: null, loginRedirectUrl: null },
    visibility: { autoSubmitToolbar: false, hide: { iOS: true, web: true } },
    credentials: { userNameTemplate: { template: `\${source.login}`, type: 'BUILT_IN' }, signing: {} },
    settings: isGateway ? { app: settingsOf(row) } : {},
    _links: {
      self: { href: self },
      ...(isGateway ? { [verb]: { href: `${self}/lifecycle/${verb}`, hints: { allow: ['POST'] } } } : {}),
      ...(row.policyId === null ? {} : { accessPolicy: { href: `${origin}/api/v1/policies/${row.policyId}` } }),
    },
  };
};
