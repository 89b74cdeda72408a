import type { BindingDocument } from '@sallyport/decide/sessions/binding-changes';
import { invalid } from '@sallyport/model/errors';
import { authorOf, type Principal } from '@sallyport/model/principal';
import type { BindingMode } from '@sallyport/model/session';
import { assertAddressBinds } from '../client-address/check-client-address.ts';
import type { Services } from '../services.ts';
import { assertStillLive } from '../sessions/assert-still-live.ts';
import type { SessionBindingSettings } from '../settings/org-settings.ts';
import { assertUnchanged, settingsVersion } from '../settings/settings-version.ts';
import { recordEvent } from '../system-log/record-event.ts';

export interface SessionBindingBody {
  readonly asnBinding: BindingMode;
  readonly ipBinding: BindingMode;
  readonly exemptZoneId?: string | null | undefined;
  readonly apps?:
    | Readonly<
        Record<string, { readonly asnBinding?: BindingMode | undefined; readonly ipBinding?: BindingMode | undefined }>
      >
    | undefined;
}

/** The one zone that exempts from binding. */
export const exemptZoneId = async (s: Services): Promise<string | null> =>
  (await s.store.read.selectFrom('zones').select('id').where('isExempt', '=', 1).executeTakeFirst())?.id ?? null;

/** `GET /sallyport/v1/session-binding`: the same body as PUT takes. */
export const getSessionBinding = async (s: Services) => {
  const { asnBinding, ipBinding, apps } = s.settings.get('sessionBinding');
  return { asnBinding, ipBinding, exemptZoneId: await exemptZoneId(s), apps };
};

/** The body that PUT takes, checked: known apps, and the one exempt zone. */
export const checkedBinding = async (s: Services, body: SessionBindingBody): Promise<SessionBindingSettings> => {
  const zone = await exemptZoneId(s);
  if (body.exemptZoneId !== undefined && body.exemptZoneId !== null && body.exemptZoneId !== zone)
    throw invalid('exemptZoneId', 'Only DefaultExemptIpZone can exempt sessions from binding');
  const apps = await s.store.read.selectFrom('apps').select(['id', 'name', 'isSystem']).execute();
  const byApp: Record<string, { asnBinding?: BindingMode; ipBinding?: BindingMode }> = {};
  for (const [key, app] of Object.entries(body.apps ?? {})) {
    const known = apps.find((row) => (row.isSystem === 1 && row.name === key) || row.id === key);
    if (known === undefined) throw invalid('apps', `There is no app ${key}`);
    byApp[known.isSystem === 1 ? known.name : known.id] = {
      ...(app.asnBinding === undefined ? {} : { asnBinding: app.asnBinding }),
      ...(app.ipBinding === undefined ? {} : { ipBinding: app.ipBinding }),
    };
  }
  return { asnBinding: body.asnBinding, ipBinding: body.ipBinding, exemptZoneId: zone, apps: byApp };
};

/** What a reader's `ETag` and a writer's `If-Match` are made of: the zone is changed elsewhere. */
export const bindingVersion = ({ asnBinding, ipBinding, apps }: BindingDocument): string =>
  settingsVersion({ asnBinding, ipBinding, apps });

/**
 * `PUT /sallyport/v1/session-binding`. Counts for live sessions at their next request. 412 when `ifMatch` is the tag of
 * other settings than those that are saved now.
 */
export const putSessionBinding = async (
  s: Services,
  principal: Principal,
  body: SessionBindingBody,
  ifMatch?: string,
) => {
  const next = await checkedBinding(s, body);
  const by = authorOf(principal);
  await s.store.transaction(async (tx) => {
    await assertStillLive(s, tx, principal);
    const previous = await s.settings.read(tx, 'sessionBinding');
    const { asnBinding, ipBinding, apps } = previous;
    assertUnchanged(ifMatch, { asnBinding, ipBinding, apps });
    assertAddressBinds(s, previous, next);
    await s.settings.put(tx, 'sessionBinding', next, s.clock.now(), by);
    await recordEvent(s, tx, principal, {
      eventType: 'security.session_protection.status.update',
      target: [
        {
          id: 'session-binding',
          type: 'SessionBinding',
          alternateId: 'session-binding',
          displayName: 'Session binding',
          detailEntry: null,
          changeDetails: { from: { ...previous }, to: { ...next } },
        },
      ],
      debugData: { asnBinding: next.asnBinding, ipBinding: next.ipBinding },
    });
  });
  await s.settings.reload();
  s.sessions.applySettings();
  return getSessionBinding(s);
};
